"""The manual, chapter 6: «Передача показаний ХВС», what may be wrong in a reading, and what billing says."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import steps
from tests.journeys.steps import block_of, field_of, row_of, send

pytestmark = pytest.mark.journey

# Billing takes it over whenever it will.
ON_ITS_WAY = re.compile("отправлено|передано в расчёт|принято")
SENT = "Успешно! Данные переданы"


@pytest.fixture
def at(page: Page, demo):
    """Open the page of readings as a new customer of the meters' contracts."""

    def open_page(*places):
        steps.customer(page.context, demo, *places)
        steps.open_readings(page, demo)
        return page

    return open_page


@pytest.mark.spec("READ-01", "READ-02")
def test_page_prints_what_the_manual_shows(at, demo):
    place = demo.claim()
    page = at(place)

    block = block_of(page, place)
    expect(block.get_by_role("heading")).to_contain_text(place.contract["customer_name"])
    expect(block).to_contain_text(f"Срок передачи до {place.contract['deadline_day']} числа текущего месяца")
    expect(block).to_contain_text("октябрь 2026")
    row = row_of(page, place)
    for name in ("Марка прибора учёта", "Плановая дата поверки", "Предыдущее показание", "Дата предыдущего показания"):
        expect(row).to_contain_text(name)
    expect(row).to_contain_text(place.after(0))
    expect(row).to_contain_text("Дата текущего показания: 8 октября 2026")


@pytest.mark.spec("READ-01")
def test_draft_waits_for_a_colleague_who_sends_it(at, demo, new_context):
    place = demo.claim()
    page = at(place)
    field_of(page, place).fill(place.after(4))
    steps.press(page, place, "Сохранить показания")
    expect(page.get_by_text("Они ещё не переданы", exact=False)).to_be_visible()

    colleague = new_context().new_page()
    steps.customer(colleague.context, demo, place)
    steps.open_readings(colleague, demo)
    expect(field_of(colleague, place)).to_have_value(place.after(4))
    send(colleague, place)

    expect(colleague.get_by_text(SENT)).to_be_visible()
    expect(row_of(colleague, place).get_by_text(ON_ITS_WAY).first).to_be_visible()


@pytest.mark.spec("READ-03", "READ-09")
def test_doubtful_reading_goes_after_its_sender_confirms_it(at, demo):
    # Billing will refuse it, and what was refused stands on its contract's page for whoever comes next.
    place = demo.claim(is_alone=True)
    page = at(place)
    lower = place.after(-2)
    field_of(page, place).fill(lower)
    send(page, place)
    expect(page.get_by_role("alert").get_by_text("Передано: 0. Не передано: 1.")).to_be_visible()
    expect(row_of(page, place)).to_contain_text("Меньше предыдущего показания.")
    expect(field_of(page, place)).to_have_value(lower)

    row_of(page, place).get_by_label("Показание верное, передать как есть").check()
    send(page, place)

    expect(page.get_by_text(SENT)).to_be_visible()


@pytest.mark.spec("READ-09", "READ-17")
def test_red_digit_typed_as_black_is_offered_without_it_by_one_click(at, demo):
    place = demo.claim()
    page = at(place)
    right = place.after(3)
    field_of(page, place).fill(str(int(right)) + "7")
    send(page, place)

    row_of(page, place).get_by_role("button", name=f"Взять {right}").click()
    expect(field_of(page, place)).to_have_value(right)
    expect(row_of(page, place).get_by_text("отправлено")).to_have_count(0)
    send(page, place)

    expect(page.get_by_text(SENT)).to_be_visible()


@pytest.mark.spec("READ-09", "READ-03")
def test_dial_that_passed_its_last_number_begins_anew(at, demo):
    place = demo.claim(shows="переход")
    page = at(place)
    field_of(page, place).fill(place.after(20))
    send(page, place)
    expect(row_of(page, place)).to_contain_text("Похоже, счётчик прошёл полный круг")

    row_of(page, place).get_by_label("Показание верное, передать как есть").check()
    send(page, place)

    expect(page.get_by_text(SENT)).to_be_visible()
    steps.reload_until(page, row_of(page, place).get_by_text("принято", exact=True))


@pytest.mark.spec("READ-03", "READ-09")
def test_letters_and_too_many_digits_stay_in_the_field_with_the_reason(at, demo):
    place = demo.claim()
    page = at(place)
    for typed, reason in (("12а4", "Введите только цифры"), ("1234567890", "На этом счётчике чёрных цифр")):
        field_of(page, place).fill(typed)
        send(page, place)
        summary = page.get_by_role("alert").filter(has_text="Передано: 0. Не передано: 1.")
        expect(summary).to_be_focused()
        summary.get_by_role("link", name=re.compile(re.escape(place.meter["number"]))).click()
        expect(field_of(page, place)).to_be_focused()
        expect(field_of(page, place)).to_have_value(typed)
        expect(row_of(page, place).get_by_text(reason, exact=False).last).to_be_visible()


@pytest.mark.spec("READ-01", "READ-03", "READ-05", "BILL-02")
def test_correction_inside_the_window_takes_the_place_of_what_was_sent(at, demo):
    place = demo.claim()
    page = at(place)
    with demo.billing_by_hand():
        field_of(page, place).fill(place.after(3))
        send(page, place)
        expect(page.get_by_text(SENT)).to_be_visible()
        field_of(page, place).fill(place.after(6))
        send(page, place)
        expect(page.get_by_text(SENT)).to_be_visible()

    steps.reload_until(page, row_of(page, place).get_by_text("принято", exact=True))
    expect(field_of(page, place)).to_have_value(place.after(6))
    page.goto(f"{demo.url}/w/readings/archive/")
    lines = page.get_by_role("row", name=re.compile(re.escape(place.meter["number"])))
    expect(lines.filter(has_text="заменено исправлением")).to_have_count(1)
    expect(lines.filter(has_text="принято").filter(has_text="8 октября 2026")).to_have_count(1)


@pytest.mark.spec("READ-03", "READ-05", "SITE-06", "BILL-02")
def test_refusal_by_billing_is_seen_with_its_reason_and_mended(at, demo):
    place = demo.claim()
    page = at(place)
    with demo.billing_by_hand():
        field_of(page, place).fill(place.after(5))
        send(page, place)
        expect(page.get_by_text(SENT)).to_be_visible()
        demo.decide(place, "refuse", reason="Фото счётчика показывает другое.")
        steps.reload_until(page, row_of(page, place).get_by_text("отклонено"))
    expect(row_of(page, place)).to_contain_text("Фото счётчика показывает другое.")

    page.goto(f"{demo.url}/w/start/")
    expect(page.get_by_role("main")).to_contain_text("Фото счётчика показывает другое.")
    steps.open_readings(page, demo)
    field_of(page, place).fill(place.after(7))
    send(page, place)
    expect(page.get_by_text(SENT)).to_be_visible()


@pytest.mark.spec("READ-02")
def test_closed_window_names_its_days_and_takes_nothing(at, demo):
    place = demo.claim(window="soon")
    page = at(place)

    expect(block_of(page, place)).to_contain_text("Показания принимаются с")
    expect(field_of(page, place)).to_be_disabled()
    expect(block_of(page, place).get_by_role("button", name="Передать показания")).to_have_count(0)


@pytest.mark.spec("READ-01", "READ-09")
def test_meter_with_expired_verification_is_taken_marked_and_explained(at, demo):
    place = demo.claim(shows="поверки")
    page = at(place)
    expect(row_of(page, place)).to_contain_text("истекла")
    field_of(page, place).fill(place.after(2))
    send(page, place)

    expect(row_of(page, place)).to_contain_text("Срок поверки прибора истёк")
    steps.reload_until(page, row_of(page, place).get_by_text("истёк срок поверки", exact=False))


@pytest.mark.spec("READ-01")
def test_replaced_meter_names_the_one_before_it(at, demo):
    place = demo.claim(shows="заменён")
    page = at(place)

    expect(row_of(page, place)).to_contain_text("Заменил прибор")
    field_of(page, place).fill(place.after(9))
    send(page, place)
    expect(page.get_by_text(SENT)).to_be_visible()


@pytest.mark.spec("READ-01", "READ-03", "READ-09")
def test_sixty_meters_with_every_kind_of_mistake_go_as_far_as_they_can(at, demo):
    place = demo.claim(shows="60 приборов")
    page = at(place)
    fields = block_of(page, place).get_by_label(steps.CURRENT)
    expect(fields).to_have_count(60)
    typed = ["х", "-5", "123456789012", "", "0"]
    for turn in range(10):
        fields.nth(turn).fill(typed[turn % len(typed)])
    field_of(page, place).fill(place.after(1))
    last = demo.claim(shows="60 приборов")
    field_of(page, last).fill(last.after(1))

    send(page, last)

    told = page.get_by_role("alert").filter(has_text=re.compile(r"Передано: \d+\. Не передано: \d+\."))
    expect(told).to_be_visible()
    expect(row_of(page, place).get_by_text(ON_ITS_WAY).first).to_be_visible()
    expect(fields.nth(1)).not_to_have_value("")


@pytest.mark.spec("READ-17")
def test_picture_tells_which_digits_are_sent(at, demo):
    place = demo.claim()
    page = at(place)

    block_of(page, place).get_by_text("Как правильно снять показания").click()

    expect(block_of(page, place).get_by_role("img", name=re.compile("чёрных цифр"))).to_be_visible()
    expect(block_of(page, place)).to_contain_text("Передавайте только чёрные цифры")
