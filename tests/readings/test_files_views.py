"""The pages of files: choose, send, see the fates, confirm, take back (READ-12)."""

import zipfile
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from python_calamine import load_workbook

from kabinet.infra.models import AuditRow
from kabinet.readings import tasks
from kabinet.readings.models import FileRow, ReadingsFile, Submission
from kabinet.readings.services import withdrawing
from tests import world
from tests.readings.books import book, power_meter, row

pytestmark = [pytest.mark.django_db, pytest.mark.spec("READ-12")]
CHOICE = "/b/readings/files/"


@pytest.fixture
def vera_signed_in(visitor, vera, b, at):
    return world.signed_in(visitor, vera, b)


@pytest.fixture
def start(deal):
    return f"{CHOICE}{deal.pk}/"


def upload(vera_signed_in, start, data, *, name="показания.xlsx"):
    """Choose the file; return its start."""
    return vera_signed_in.post(start, {"file": SimpleUploadedFile(name, data)})


def work(file, *, confirmed=()):
    """Run the jobs that the button has left."""
    file.refresh_from_db()
    tasks.read_file(file=str(file.pk), person=str(file.given_by_id), round=file.round, confirmed=confirmed)
    file.refresh_from_db()
    tasks.mark_file(file=str(file.pk), round=file.round)
    file.refresh_from_db()


def sent(vera_signed_in, start, data):
    """Choose the file, press «Передать показания», let the job run; return the file and the address of its start."""
    address = upload(vera_signed_in, start, data)["Location"]
    vera_signed_in.post(f"{address}send/")
    file = ReadingsFile.objects.latest("given_at", "id")
    work(file)
    return file, address


def text(vera_signed_in, address):
    return vera_signed_in.get(address).content.decode()


def test_one_contract_is_gone_to_straight(vera_signed_in, start):
    assert vera_signed_in.get(CHOICE)["Location"] == start


def test_script_that_sends_the_file_is_told_where_its_page_is(vera_signed_in, start):
    given = SimpleUploadedFile("показания.xlsx", book(row("300111", "5")))

    answer = vera_signed_in.post(start, {"file": given}, headers={"X-Upload": "by-script"})

    assert answer.status_code == 204
    assert answer["X-Upload-Leads-To"] == f"{start}{ReadingsFile.objects.get().pk}/"


def test_contracts_are_found_by_number_and_name(vera_signed_in, b, vera, deal):
    other = world.contract(b, number="181-77/01", customer_name="ООО «Мельница»")
    world.link(vera, other)

    by_number, by_name = text(vera_signed_in, f"{CHOICE}?q=77/01"), text(vera_signed_in, f"{CHOICE}?q=мельн")

    assert "Мельница" in by_number
    assert "Мельница" in by_name
    assert deal.customer_name not in by_number + by_name


def test_template_holds_every_register_in_text_and_locks_all_but_the_readings(vera_signed_in, start, deal):
    power_meter(deal, "=HYPERLINK(1)", code="0000001", showed="1000")
    power_meter(deal, "300222", code="0000002", entry_status="ami")

    answer = vera_signed_in.get(f"{start}template/")

    book_ = load_workbook(BytesIO(answer.content))
    rows = book_.get_sheet_by_name("Показания").to_python()
    assert rows[0][-1] == "Текущие показания"
    assert rows[1][:8] == ["0000001", rows[1][1], "Ожидание", "=HYPERLINK(1)", rows[1][4], "A+", "Сутки", 1000.0]
    assert rows[2][2] == "Снимается АСКУЭ"
    xml = zipfile.ZipFile(BytesIO(answer.content)).read("xl/worksheets/sheet1.xml").decode()
    assert "<sheetProtection" in xml
    assert "<f>" not in xml
    assert '<dataValidation type="decimal"' in xml
    assert str(deal.pk) in str(book_.get_sheet_by_name("_kabinet").to_python())


def test_filled_template_goes_through(vera_signed_in, start, deal):
    power_meter(deal, "300111")
    data = vera_signed_in.get(f"{start}template/").content
    rows = load_workbook(BytesIO(data)).get_sheet_by_name("Показания").to_python()
    filled = book([[*rows[1][:8], 1240]])

    _, address = sent(vera_signed_in, start, filled)

    assert Submission.objects.get().value == 1240
    shown = text(vera_signed_in, address)
    assert "Показания сохранены" in shown
    assert "Передано: 1" in shown


def test_file_waits_with_its_name_and_a_basket(vera_signed_in, start):
    address = upload(vera_signed_in, start, book([row("300111", 1)]))["Location"]

    shown = text(vera_signed_in, address)

    assert "показания.xlsx" in shown
    assert "Корзина" in shown
    vera_signed_in.post(f"{address}discard/")
    assert vera_signed_in.get(address).status_code == 404


def test_file_that_is_chosen_twice_waits_once(vera_signed_in, start):
    """The answer to the first press may have been lost; another file, or the same once more later, is its own."""
    data = book([row("300111", 1)])
    first = upload(vera_signed_in, start, data)["Location"]

    again, renamed = upload(vera_signed_in, start, data), upload(vera_signed_in, start, data, name="другой.xlsx")
    other = upload(vera_signed_in, start, book([row("300111", 2)]))
    vera_signed_in.post(f"{first}discard/")
    later = upload(vera_signed_in, start, data)

    assert again["Location"] == first
    assert len({first, renamed["Location"], other["Location"], later["Location"]}) == 4
    assert AuditRow.objects.filter(act="readings.file_chosen").count() == 4


def test_basket_that_is_pressed_twice_answers_twice_alike(vera_signed_in, start):
    address = upload(vera_signed_in, start, book([row("300111", 1)]))["Location"]

    answers = [vera_signed_in.post(f"{address}discard/")["Location"] for _ in range(2)]

    assert answers == [start, start]
    assert AuditRow.objects.filter(act="readings.file_discarded").count() == 1


def test_page_says_that_the_file_is_on_its_way(vera_signed_in, start):
    address = upload(vera_signed_in, start, book([row("300111", 1)]))["Location"]
    vera_signed_in.post(f"{address}send/")

    shown = text(vera_signed_in, address)

    assert "Файл обрабатывается" in shown
    assert 'hx-trigger="every 1s"' in shown
    assert f'<a href="{address}">Обновить</a>' in shown


def test_wrong_rows_name_their_place_and_the_mend(vera_signed_in, start, deal):
    power_meter(deal, "300111", [("A+", "day"), ("A+", "night")])
    rows = [row("300111", 1240, zone="День"), row("300111", "", zone="Ночь"), row("999", 5)]

    _, address = sent(vera_signed_in, start, book(rows))

    shown = text(vera_signed_in, address)
    assert "Лист «Показания», строка 3, ячейка I3" in shown
    assert "Заполните поле" in shown
    assert "Не хватает: A+ Ночь" in shown
    assert "не найден в этом договоре" in shown
    assert "Не передано: 3" in shown
    assert text(vera_signed_in, f"{address}?fate=held").count("ячейка I") == 1


def test_unreadable_file_is_refused_with_the_reason(vera_signed_in, start):
    _, address = sent(vera_signed_in, start, book([["Иванов", 5]], headers=("Фамилия", "Оценка")))

    assert "Не найдены заголовки таблицы" in text(vera_signed_in, address)


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"", "a.xlsx", "Файл пуст"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "a.xls", "без пароля"),
        (b"%PDF-1.4", "a.xlsx", "Это PDF"),
        (b"\x00\x01\x02", "a.csv", "Файл повреждён"),
        (b"a;b\n" * 3_000_000, "a.csv", "больше 10 МБ"),
    ],
    ids=["empty", "old or locked", "pdf", "bytes", "large"],
)
def test_what_is_no_table_is_said_at_once(vera_signed_in, start, data, name, words):
    assert words in upload(vera_signed_in, start, data, name=name).content.decode()
    assert not ReadingsFile.objects.exists()


def test_own_file_comes_back_with_colours_and_comments(vera_signed_in, start, deal):
    power_meter(deal, "300111")
    _, address = sent(
        vera_signed_in, start, book([row("300111", 1240), row("999", "=1+1"), ["=cmd", "", "", "", "", "", "", "", ""]])
    )

    data = vera_signed_in.get(f"{address}marked/").content

    archive = zipfile.ZipFile(BytesIO(data))
    assert "не найден" in archive.read("xl/comments1.xml").decode()
    assert b"FFC9C9" in archive.read("xl/styles.xml")
    assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")
    assert load_workbook(BytesIO(data)).get_sheet_by_index(0).to_python()[1][3] == "300111"


def test_csv_comes_back_as_a_workbook(vera_signed_in, start, deal):
    power_meter(deal, "300111")
    _, address = sent(vera_signed_in, start, "Номер ПУ;Текущие показания\n300111;1240\n".encode("windows-1251"))

    assert load_workbook(BytesIO(vera_signed_in.get(f"{address}marked/").content)).get_sheet_by_index(
        0
    ).to_python() == [
        ["Номер ПУ", "Текущие показания"],
        ["300111", "1240"],
    ]


@pytest.mark.parametrize("number", ["9" * 5000, "9" * 12, "²", ""])
def test_tick_that_no_row_can_have_is_none(vera_signed_in, start, deal, number):
    power_meter(deal, "300111")
    _, address = sent(vera_signed_in, start, book([row("300111", 30000)]))

    answer = vera_signed_in.post(f"{address}confirm/", {"which": "ticked", "row": number})

    assert (answer.status_code, answer.headers["Location"]) == (302, address)
    assert not Submission.objects.exists()


def test_doubtful_rows_are_sent_when_they_are_ticked(vera_signed_in, start, deal):
    power_meter(deal, "300111")
    file, address = sent(vera_signed_in, start, book([row("300111", 30000)]))
    assert "Расход намного больше обычного" in text(vera_signed_in, address)

    vera_signed_in.post(f"{address}confirm/", {"which": "ticked", "row": "0"})
    work(file, confirmed=[0])

    assert Submission.objects.get().confirmed == ["consumption_too_high"]
    assert "Передано: 1" in text(vera_signed_in, address)

    vera_signed_in.post(f"{address}confirm/", {"which": "ticked", "row": "0"})

    assert "Подтверждать нечего" in text(vera_signed_in, address)
    assert ReadingsFile.objects.get().state == "done"


def test_file_of_ten_thousand_rows_is_shown_by_pages(vera_signed_in, start, deal, django_assert_max_num_queries):
    _, address = sent(vera_signed_in, start, book([row("999", 5)]))
    shown = FileRow.objects.get()
    FileRow.objects.bulk_create(
        batch_size=1000,
        objs=[
            FileRow(
                **{f.attname: getattr(shown, f.attname) for f in FileRow._meta.concrete_fields} | {"number": number}
            )
            for number in range(1, 10_000)
        ],
    )

    with django_assert_max_num_queries(10):
        answer = vera_signed_in.get(f"{address}?page=50")

    assert len(answer.content) < 300_000
    assert "Страница 50 из 100" in answer.content.decode()


def test_colleague_with_a_limit_sees_his_own_files_alone(vera_signed_in, start, deal, b):
    _, address = sent(vera_signed_in, start, book([row("999", 5)]))
    gleb = world.person(b, "gleb@example.com")
    world.link(gleb, deal, points=[])

    assert world.signed_in(vera_signed_in, gleb, b).get(address).status_code == 404


def test_what_the_file_sent_is_taken_back(vera_signed_in, start, deal):
    power_meter(deal, "300111")
    _, address = sent(vera_signed_in, start, book([row("300111", 1240)]))
    assert "Файлом передано показаний: 1" in text(vera_signed_in, f"{address}withdraw/")

    vera_signed_in.post(f"{address}withdraw/")

    assert Submission.objects.get().state == "withdrawn"
    assert "Переданное этим файлом отозвано" in text(vera_signed_in, address)

    vera_signed_in.post(f"{address}withdraw/")

    assert "Переданное этим файлом отозвано" in text(vera_signed_in, address)
    assert AuditRow.objects.filter(act="readings.file_withdrawn").count() == 1


def test_closed_period_cannot_be_taken_back(vera_signed_in, start, deal, monkeypatch):
    power_meter(deal, "300111")
    _, address = sent(vera_signed_in, start, book([row("300111", 1240)]))
    monkeypatch.setattr(withdrawing, "hold_open_period", lambda *_: False)

    vera_signed_in.post(f"{address}withdraw/")

    assert Submission.objects.get().state == "sent"
    assert "уже закрыл этот период" in text(vera_signed_in, address)
