"""The main job, from the front page to «принято»."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.steps import link, open_menu, reload_until, row_of, send, sign_up

pytestmark = pytest.mark.journey


@pytest.mark.spec("REG-04", "REG-05", "CON-01", "READ-01", "READ-03", "READ-05", "BILL-02", "BILL-03")
def test_newcomer_links_a_contract_sends_a_reading_and_sees_it_taken(screen, demo):
    place = demo.claim()
    reading = place.after(5)

    sign_up(screen, demo)
    open_menu(screen, "Заявка на подключение")
    link(screen, place.contract)
    open_menu(screen, "Передача показаний ХВС")
    row = row_of(screen, place)
    row.get_by_label("Текущее показание прибора учёта").fill(reading)
    expect(row.get_by_text("Расход: 5 м³")).to_be_visible()
    send(screen, place)
    expect(screen.get_by_text("Успешно! Данные переданы")).to_be_visible()

    open_menu(screen, "Архив показаний")
    newest = screen.get_by_role("row", name=re.compile(rf"{re.escape(place.meter['number'])}.*{int(reading)},000"))
    expect(newest).to_be_visible()
    reload_until(screen, newest.get_by_text("принято"))
