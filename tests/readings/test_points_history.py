"""«История» → «Показания» and the page of a meter (READ-19, READ-10)."""

import io
import re
from datetime import date

import openpyxl
import pytest

from kabinet.contracts.models import Meter
from kabinet.contracts.values import Role
from kabinet.readings.models import Submission
from kabinet.readings.services.points import submit
from kabinet.readings.services.rows import Sending
from kabinet.readings.values import Entry
from tests import world
from tests.readings.books import power_meter
from tests.readings.sending import text_of

HISTORY = "/b/readings/history/"
METERS = "/b/readings/meters/"

pytestmark = [pytest.mark.usefixtures("at"), pytest.mark.spec("READ-19")]


@pytest.fixture
def as_vera(visitor, b, vera):
    return world.signed_in(visitor, vera, b)


@pytest.fixture
def meter(deal):
    """A meter with accepted readings of three months, the ratio 40."""
    row = power_meter(deal, "300111", showed=None, ratio=40)
    register = row.registers.get()
    world.accepted(register, "1000.5", month="2026-07", taken_on=date(2026, 7, 31), source="initial")
    world.accepted(register, "1010.5", month="2026-08", taken_on=date(2026, 8, 31))
    world.accepted(register, "1030.75", month="2026-09", taken_on=date(2026, 9, 30), source="ami")
    return row


def send(vera, b, register, raw, **changed):
    act = Sending(world.opened(b), key=raw, by=world.actor(vera, b), at=world.NOW, today=world.TODAY)
    submit([Entry(register.pk, raw, **changed)], months={}, sending=act)


def opened(meter):
    return {"open": str(meter.point_id), "meter": str(meter.pk)}


def sheet_of(response):
    return [
        list(row) for row in openpyxl.load_workbook(io.BytesIO(response.content)).active.iter_rows(values_only=True)
    ]


def test_point_opens_to_meters_and_a_meter_to_its_readings(as_vera, meter):
    folded, points_open = as_vera.get(HISTORY), as_vera.get(HISTORY, {"open": meter.point_id})
    read = text_of(as_vera.get(HISTORY, opened(meter)))

    assert meter.point.address in text_of(folded)
    assert "300111" not in text_of(folded)
    assert "№ 300111" in text_of(points_open)
    assert "1030,75" not in text_of(points_open)
    assert "1030,75 кВт·ч" in read
    assert "получено автоматически" in read
    assert "при установке прибора" in read


def test_sent_reading_stands_with_its_state_beside_the_accepted(as_vera, vera, b, meter):
    send(vera, b, meter.registers.get(), "1040,5")
    Submission.objects.update(state="refused", reason="не похоже")

    read = text_of(as_vera.get(HISTORY, opened(meter)))

    assert "октябрь 2026" in read
    assert "отклонено" in read
    assert "не похоже" in read


def test_months_and_address_filter(as_vera, deal, meter):
    beside = power_meter(deal, "300222")

    august = text_of(as_vera.get(HISTORY, opened(meter) | {"since": "2026-08", "until": "2026-08"}))
    found = text_of(as_vera.get(HISTORY, {"q": beside.point.code}))
    backwards = text_of(as_vera.get(HISTORY, opened(meter) | {"since": "2026-09", "until": "2026-08"}))

    assert "1010,5" in august
    assert "1030,75" not in august
    assert beside.point.name in found
    assert meter.point.name not in found
    assert "1030,75" in backwards


def test_replaced_meter_keeps_its_own_readings(as_vera, deal, meter):
    old = power_meter(deal, "299999", valid_to=date(2026, 9, 1), replaced_by=meter)
    Meter.objects.filter(pk=old.pk).update(point=meter.point)
    asked = {"open": meter.point_id, "meter": [meter.pk, old.pk]}

    page = text_of(as_vera.get(HISTORY, asked))
    before = text_of(as_vera.get(HISTORY, asked | {"since": "2026-09", "until": "2026-09"}))

    assert "снят 1 сентября 2026, заменён на № 300111" in page
    assert "№ 299999" not in before


def test_file_holds_what_is_on_the_screen(as_vera, deal, meter):
    deal.number = "=HYPERLINK(1)"
    deal.save(update_fields=["number"])

    folded = sheet_of(as_vera.get(f"{HISTORY}file/"))
    whole = sheet_of(as_vera.get(f"{HISTORY}file/", opened(meter)))
    cell = openpyxl.load_workbook(io.BytesIO(as_vera.get(f"{HISTORY}file/").content)).active["A2"]

    assert [row[4] for row in folded[1:]] == [None]
    assert [row[4] for row in whole[1:]] == ["300111"] * 3
    assert [row[7] for row in whole[1:]] == [1030.75, 1010.5, 1000.5]
    assert (cell.data_type, cell.value) == ("s", "=HYPERLINK(1)")


@pytest.mark.spec("ROLE-02", "ROLE-05")
def test_roles_and_limits_decide_who_sees(b, deal, meter, visitor):
    beside = power_meter(deal, "300222")
    accountant, limited = (world.person(b, f"{name}@example.com") for name in ("accountant", "limited"))
    world.link(accountant, deal, role=Role.ACCOUNTANT)
    world.link(limited, deal, role=Role.ENERGY_ENGINEER, points=[meter.point_id])

    as_accountant = world.signed_in(visitor, accountant, b)
    refused = [as_accountant.get(path).status_code for path in (HISTORY, f"{METERS}{meter.pk}/")]
    few = world.signed_in(visitor, limited, b)

    assert refused == [403, 403]
    assert beside.point.name not in text_of(few.get(HISTORY))
    assert [few.get(f"{METERS}{one.pk}/").status_code for one in (meter, beside)] == [200, 404]


@pytest.mark.spec("ROLE-02")
@pytest.mark.parametrize("page", [HISTORY, f"{HISTORY}file/", "/b/readings/points/"])
def test_filter_by_a_foreign_contract_shows_nothing_of_it(as_vera, b, meter, page):
    foreign = world.contract(b, customer_name="ООО «Чужая»")
    stranger = power_meter(foreign, "307777")
    asked = {"contract": foreign.pk, "open": stranger.point_id, "meter": stranger.pk, "point": stranger.point_id}

    answer = as_vera.get(page, asked)

    body = str(sheet_of(answer)) if page.endswith("file/") else text_of(answer)
    assert answer.status_code == 200
    assert not [word for word in ("Чужая", "307777", stranger.point.name) if word in body]


@pytest.mark.spec("READ-10")
def test_page_of_a_meter_tells_what_it_is_and_what_it_ran(as_vera, deal, meter):
    old = power_meter(deal, "299999", valid_to=date(2026, 7, 1), replaced_by=meter)
    Meter.objects.filter(pk=meter.pk).update(
        valid_from=date(2026, 7, 1), make="СЭТ-4ТМ", verification_due=date(2026, 10, 20)
    )

    page = as_vera.get(f"{METERS}{meter.pk}/")
    text = text_of(page)

    assert "Коэффициент трансформации 40" in text
    assert "СЭТ-4ТМ" in text
    assert f"Измерительный комплекс {meter.complex_name}" in text
    assert "Поверка до 20 октября 2026, осталось дней: 12" in text
    assert f"Заменил прибор № {old.number}" in text
    assert re.search(r"сентябрь 2026\s*810\b", text)
    assert re.search(r"август 2026\s*400\b", text)
    assert "сентябрь 2026: 810 кВт·ч</title>" in page.content.decode()


@pytest.mark.spec("READ-10")
def test_rollover_is_told_and_its_month_is_counted(as_vera, vera, b, deal):
    register = power_meter(deal, "300111", showed="999990").registers.get()
    send(vera, b, register, "5", confirmed=frozenset({"rollover_suspected"}))
    sent = Submission.objects.get()
    sent.state = "taken"
    sent.save(update_fields=["state"])
    world.accepted(register, "5", month="2026-10", taken_on=world.TODAY, submission_id=sent.id)

    text = text_of(as_vera.get(f"{METERS}{register.meter_id}/"))

    assert "Показание прошло через ноль: A+" in text
    assert re.search(r"октябрь 2026 показание прошло через ноль\s*15\b", text)
