"""The start page of the business portal: what to do now, what waits, what was refused, and for whom (SITE-06)."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import business, steps
from tests.journeys.test_points import later_than_previous

pytestmark = [pytest.mark.journey, pytest.mark.spec("SITE-06")]

ONE_LEFT = "Осталось приборов: 1 из 1."


def has_one_meter(contract) -> bool:
    return len(contract["meters"]) == 1 and len(contract["meters"][0]["registers"]) == 1


def send(page: Page) -> None:
    """Fold the only point open, type a little more than before, and send it."""
    if not page.locator(".pr__field").first.is_visible():
        page.locator(".point__fold").first.click()
    expect(page.locator(".pr__field:not(:disabled)")).to_have_count(1)
    page.locator(".pr__field").fill(later_than_previous(page)[0])
    page.get_by_role("button", name="Передать показания").click()
    expect(page.get_by_text("Показания сохранены")).to_be_visible()


@pytest.mark.spec("READ-10", "BILL-02")
def test_meter_is_asked_for_refused_asked_for_again_and_done(screen: Page, demo):
    contract = business.claim(demo, has_one_meter)
    business.customer(screen.context, demo, contract)
    start = f"{demo.url}/b/start/"
    number = contract["meters"][0]["number"]
    screen.goto(start)
    duty = screen.get_by_role("link", name=re.compile(f"Передайте показания: .*{contract['number']}"))
    expect(duty).to_contain_text(ONE_LEFT)

    with demo.billing_fault("refuse_all", slug="b"):
        duty.click()
        send(screen)
        screen.goto(start)
        refused = screen.get_by_role("link", name=re.compile(f"Прибор № {number}: показание не принято"))
        steps.reload_until(screen, refused)
    expect(refused).to_contain_text("биллинг песочницы отклоняет всё")
    expect(duty).to_contain_text(ONE_LEFT)
    expect(screen.get_by_text("Сейчас ничего делать не нужно")).to_be_hidden()

    refused.click()
    send(screen)
    screen.goto(start)
    expect(screen.get_by_role("heading", name="Передано")).to_be_visible()
    expect(screen.get_by_role("link", name=re.compile(contract["number"]))).to_contain_text("Ждут расчёта")
    expect(refused).to_be_hidden()
    width = screen.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert width == 0


@pytest.mark.spec("ROLE-02", "ROLE-05")
def test_accountant_is_told_of_no_window_that_is_not_his(screen: Page, demo):
    business.come_in(screen.context, demo, "glavbuh@example.com")

    screen.goto(f"{demo.url}/b/start/")

    expect(screen.get_by_text("Готовые акты сверки и ответы на обращения появятся здесь.")).to_be_visible()
    expect(screen.get_by_role("main")).not_to_contain_text("срок передачи")
    expect(screen.get_by_role("main")).not_to_contain_text("Передайте показания")
