"""The billing system is away, stubborn, repeats itself, or speaks of another's contract."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import steps
from tests.journeys.looking import wait_for
from tests.journeys.steps import field_of, row_of, send

pytestmark = pytest.mark.journey

SENT = "Успешно! Данные переданы"


def send_one(page: Page, demo, place, *, run=4) -> None:
    steps.customer(page.context, demo, place)
    steps.open_readings(page, demo)
    field_of(page, place).fill(place.after(run))
    send(page, place)
    expect(page.get_by_text(SENT)).to_be_visible()


def lines_of_today(page: Page, demo, place):
    page.goto(f"{demo.url}/w/readings/archive/")
    lines = page.get_by_role("row", name=re.compile(re.escape(place.meter["number"])))
    return lines.filter(has_text="8 октября 2026")


@pytest.mark.spec("READ-05", "BILL-01")
def test_reading_waits_while_billing_is_down_and_is_taken_afterwards(page: Page, demo):
    place = demo.claim()
    with demo.billing_fault("unavailable"):
        send_one(page, demo, place)
        waiting = lines_of_today(page, demo, place)
        expect(waiting).to_have_count(1)
        expect(waiting).to_contain_text(re.compile("отправлено|передано в расчёт"))
        expect(page.get_by_text(re.compile(r"Данные обновлены .*\d\d:\d\d"))).to_be_visible()

    steps.reload_until(page, lines_of_today(page, demo, place).get_by_text("принято"))


@pytest.mark.spec("READ-03", "BILL-02")
def test_billing_that_refuses_everything_is_quoted_and_a_correction_is_taken_later(page: Page, demo):
    place = demo.claim()
    with demo.billing_fault("refuse_all"):
        send_one(page, demo, place)
        steps.reload_until(page, row_of(page, place).get_by_text("отклонено", exact=True))
        expect(row_of(page, place)).to_contain_text("биллинг песочницы отклоняет всё")
        expect(field_of(page, place)).to_have_value(re.compile(rf"0*{int(place.after(4))}"))

    field_of(page, place).fill(place.after(5))
    send(page, place)
    steps.reload_until(page, row_of(page, place).get_by_text("принято", exact=True))


@pytest.mark.spec("BILL-01", "READ-05")
def test_answer_that_comes_twice_changes_nothing(page: Page, demo):
    place = demo.claim()
    with demo.billing_fault("answer_twice"):
        send_one(page, demo, place)
        steps.reload_until(page, row_of(page, place).get_by_text("принято", exact=True))
        wait_for(lambda: demo.billing_state()["batches_waiting"] == 0)

    lines = lines_of_today(page, demo, place)
    expect(lines).to_have_count(1)
    expect(lines).to_contain_text("принято")


@pytest.mark.spec("BILL-01", "READ-03")
def test_answer_for_anothers_contract_is_not_believed(page: Page, demo):
    place = demo.claim()
    with demo.billing_fault("wrong_contract"):
        send_one(page, demo, place)
        wait_for(lambda: any(row["trouble"] for row in demo.submissions(place)))
        expect(lines_of_today(page, demo, place)).to_contain_text("передано в расчёт")

    steps.reload_until(page, lines_of_today(page, demo, place).get_by_text("принято"))
