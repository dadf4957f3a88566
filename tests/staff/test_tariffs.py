"""«Тарифы» of the office: a file is tried with the fate of every row, then taken by one button (STAFF-01)."""

import re
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from python_calamine import load_workbook

from kabinet.accounts.values import StaffRole
from kabinet.tariffs.models import PriceList, Tariff
from tests.staff import office
from tests.staff.price_files import HEAD, csv_file, line, workbook

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at"), pytest.mark.spec("STAFF-01")]

PAGE = "/w/office/tariffs/"
TWO_ZONES = (line("5,80", zones="2", zone="день"), line("3,10", zones="2", zone="ночь"))


@pytest.fixture(autouse=True)
def _files_of_the_test(settings, tmp_path):
    where = {"location": tmp_path / "files"}
    settings.STORAGES = settings.STORAGES | {"default": settings.STORAGES["default"] | {"OPTIONS": where}}


def tried(desk, file):
    return desk.post(PAGE, {"file": file}, follow=True)


def taken(desk, answer):
    """Press the button of the trial."""
    (kept,) = re.findall(r'action="(/w/office/tariffs/[^"]+/take/)"', answer.text)
    (mark,) = re.findall(r'name="shown" value="([^"]+)"', answer.text)
    return desk.post(kept, {"shown": mark}, follow=True)


def prices():
    return list(Tariff.objects.order_by("valid_from", "price").values_list("price", "valid_from", "valid_to"))


@pytest.mark.parametrize("make", [csv_file, workbook])
def test_file_is_tried_then_taken(desk, olga, make):
    answer = tried(desk, make(line(), *TWO_ZONES))
    assert "Это проба: пока ничего не изменилось" in answer.text
    assert answer.text.count("добавится") == 3
    assert not prices()

    done = taken(desk, answer)

    assert "новых значений 3, изменённых 0" in done.text
    assert [price for price, _, _ in prices()] == [Decimal("3.10"), Decimal("4.86"), Decimal("5.80")]
    assert [row.actor_id for row in office.audited("tariffs.list_taken")] == [olga.pk]


def test_numbers_and_days_of_a_spreadsheet_are_read(desk):
    row = line()
    row[HEAD.index("Значение")], row[HEAD.index("Диапазон")] = 4.86, 1

    taken(desk, tried(desk, workbook(row)))

    assert prices() == [(Decimal("4.86"), date(2026, 7, 1), None)]


def test_what_would_change_is_said_before(desk):
    taken(desk, tried(desk, csv_file(line())))

    answer = tried(desk, csv_file(line("5,41", "01.01.2027")))
    assert "закончится 31 декабря 2026" in answer.text
    corrected = tried(desk, csv_file(line("4,90")))

    assert "Было: 4,86\xa0₽/кВт·ч, с 1 июля 2026." in corrected.text


def test_former_file_is_given_back_and_takes_a_mistake_back(desk):
    taken(desk, tried(desk, csv_file(line())))
    taken(desk, tried(desk, csv_file(line("54,1", "01.01.2027"))))
    former = PriceList.objects.order_by("pk").first()

    answer = tried(desk, _again(desk.get(f"{PAGE}{former.pk}/file/").content))
    assert "будет снято" in answer.text
    taken(desk, answer)

    assert prices() == [(Decimal("4.86"), date(2026, 7, 1), None)]


def _again(data):
    return SimpleUploadedFile("тарифы.csv", data)


def test_wrong_cells_are_named_with_their_mends(desk):
    answer = tried(desk, csv_file(line(), line("дорого"), line(since="вчера"), line(zone="пик", zones="2")))

    for said in ("L3", "дорого", "Введите число цифрами", "M4", "Введите день так", "G5", "«день», «ночь»"):
        assert said in answer.text
    assert "они перечислены ниже. Тарифы прежние." in answer.text
    assert not PriceList.objects.exists()


def test_refused_row_keeps_the_whole_file_out(desk):
    answer = tried(desk, csv_file(line(), line("5,00", "01.08.2026"), TWO_ZONES[0]))

    assert "На эти же дни это значение задаёт строка 2" in answer.text
    assert "нужна цена каждой зоны в каждом диапазоне" in answer.text
    assert "Загрузить тарифы" not in answer.text


def test_overlapping_days_are_explained(desk):
    taken(desk, tried(desk, csv_file(line(until="30.06.2027"))))

    answer = tried(desk, csv_file(line("5", "01.01.2027", "31.01.2027")))

    assert "Уже задано другое значение с 1 июля 2026 по 30 июня 2027" in answer.text


def test_trial_that_is_out_of_date_is_shown_anew(desk):
    old = tried(desk, csv_file(line("5,41", "01.01.2027")))
    taken(desk, tried(desk, csv_file(line())))

    answer = taken(desk, old)

    assert "Пока вы смотрели, тарифы изменились" in answer.text
    assert "закончится 31 декабря 2026" in answer.text
    assert len(prices()) == 1


def test_second_press_says_that_it_was_taken(desk):
    answer = tried(desk, csv_file(line()))
    taken(desk, answer)

    assert "Этот файл уже загружен." in taken(desk, answer).text


def test_file_that_changes_nothing_says_so(desk):
    taken(desk, tried(desk, csv_file(line())))

    answer = tried(desk, csv_file(line()))

    assert "Всё из этого файла уже действует" in answer.text
    assert "Загрузить тарифы" not in answer.text


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (csv_file(head=HEAD), "нет ни одной строки"),
        (csv_file(line(), head=("Кто", "Где")), "Не найдены заголовки таблицы"),
        (csv_file(line(), head=HEAD[:11]), "В таблице нет столбца «Значение»"),
        (csv_file(line(), name="x.xlsx", encoding="utf-16"), "добавится"),
    ],
)
def test_file_that_is_no_table_of_prices_says_why(desk, file, words):
    assert words in tried(desk, file).text


def test_picture_and_nothing_are_no_files(desk):
    picture = SimpleUploadedFile("x.png", b"\x89PNG\r\n\x1a\n" + b"0" * 64)

    assert "а нужна таблица" in tried(desk, picture).text
    assert "Выберите файл." in desk.post(PAGE, {}).text


def test_template_holds_what_holds_and_loads_as_nothing_new(desk):
    taken(desk, tried(desk, csv_file(line(until="31.12.2026"), *TWO_ZONES)))

    data = desk.get(f"{PAGE}template/").content
    sheet = load_workbook(BytesIO(data)).get_sheet_by_index(0).to_python()

    assert tuple(sheet[0]) == HEAD
    assert [row[HEAD.index("Значение")] for row in sheet[1:]] == ["4,86", "5,8", "3,1"]
    assert "Всё из этого файла уже действует" in tried(desk, _again(data)).text


def test_page_shows_what_holds_now_and_later(desk):
    taken(desk, tried(desk, csv_file(line("4", "01.01.2020", "30.09.2026"), line("4,86", "01.10.2026"))))

    shown = desk.get(PAGE).text

    assert "4,86\xa0₽/кВт·ч" in shown
    assert "с 1 октября 2026" in shown
    assert "30 сентября 2026" not in shown


def test_office_without_the_duty_is_told_whom_to_ask(support):
    answer = office.browser_of(support).get(PAGE)

    assert answer.status_code == 403
    assert "Оператор расчётов" in answer.text


def test_operator_has_the_duty_and_another_office_sees_nothing(w, desk, desk_of_v):
    operator = office.browser_of(office.specialist(w, "operator@example.com", StaffRole.OPERATOR))
    tried(desk, csv_file(line()))
    kept = PriceList.objects.get()

    assert operator.get(f"{PAGE}{kept.pk}/").status_code == 200
    assert desk_of_v.get(f"/v/office/tariffs/{kept.pk}/").status_code == 404
    assert desk_of_v.post(f"/v/office/tariffs/{kept.pk}/take/", {"shown": "x"}).status_code == 404
