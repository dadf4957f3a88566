"""Pages of readings as a person meets them."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from kabinet.contracts.values import Role
from kabinet.readings.models import Draft, Submission
from tests import world

SEND = "/w/readings/cold-water/"
ARCHIVE = "/w/readings/archive/"

pytestmark = pytest.mark.usefixtures("at")


@pytest.fixture
def as_anna(visitor, contract, anna):
    world.link(anna, contract)
    return world.signed_in(visitor, anna, contract.provider)


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def press(client, contract, button, **rows):
    typed = {f"value-{register}": raw for register, raw in rows.items()}
    return client.post(SEND, {button: str(contract.pk), f"key-{contract.pk}": "one", **typed}, follow=True)


@pytest.mark.spec("READ-01", "READ-02")
def test_page_prints_deadline_period_and_window(as_anna, contract):
    text = text_of(as_anna.get(SEND))

    assert "Передача показаний приборов учёта ХВС" in text
    assert "Срок передачи до 10 числа текущего месяца 10 октября 2026" in text
    assert "Отчётный период октябрь 2026" in text
    assert "с 8 октября 2026 по 12 октября 2026 включительно" in text
    assert contract.customer_name in text


@pytest.mark.spec("READ-03")
def test_all_sent_says_success_and_paints_the_row_green(as_anna, contract, register):
    response = as_anna.post(
        SEND, {"send": contract.pk, f"key-{contract.pk}": "one", f"value-{register.pk}": "243"}, follow=True
    )

    assert "Успешно! Данные переданы" in text_of(response)
    assert "meter--sent" in response.content.decode()
    assert "отправлено" in text_of(response)


@pytest.mark.spec("READ-03")
def test_mixed_sending_names_both_counts_and_keeps_what_was_typed(as_anna, contract, register):
    wrong = world.register_of(world.meter(contract))

    response = press(as_anna, contract, "send", **{str(register.pk): "243", str(wrong.pk): "12ab"})

    assert "Ошибка" in text_of(response)
    assert "Передано: 1. Не передано: 1." in text_of(response)
    assert 'value="12ab"' in response.content.decode()
    assert Submission.objects.count() == 1


def test_reload_after_a_mixed_sending_sends_nothing_twice(as_anna, contract, register):
    wrong = world.register_of(world.meter(contract))
    rows = {str(register.pk): "243", str(wrong.pk): "12ab"}
    first = press(as_anna, contract, "send", **rows)

    again = press(as_anna, contract, "send", **rows)

    assert text_of(first) == text_of(again)
    assert Submission.objects.count() == 1


@pytest.mark.spec("READ-09")
def test_likely_value_is_one_button_away(as_anna, contract, register):
    doubted = press(as_anna, contract, "send", **{str(register.pk): "12"})
    taken = as_anna.post(SEND, {f"value-{register.pk}": "12", f"take-{register.pk}": "00243"})

    assert "Взять 00243" in text_of(doubted)
    assert 'value="00243"' in taken.content.decode()
    assert not Submission.objects.exists()


def test_button_of_one_contract_keeps_what_was_typed_in_another(as_anna, contract, register, anna):
    other = world.contract(contract.provider)
    world.link(anna, other)
    beside = world.register_of(world.meter(other))

    response = press(as_anna, contract, "send", **{str(register.pk): "243", str(beside.pk): "77"})

    assert 'value="77"' in response.content.decode()
    assert Submission.objects.count() == 1


@pytest.mark.spec("READ-01")
def test_draft_is_kept_for_the_next_visit(as_anna, contract, register):
    press(as_anna, contract, "keep", **{str(register.pk): "24"})

    assert Draft.objects.get().raw == "24"
    assert 'value="24"' in as_anna.get(SEND).content.decode()


def test_nothing_filled_says_what_to_do(as_anna, contract):
    assert "Заполните хотя бы одно показание" in text_of(press(as_anna, contract, "send"))


def test_same_key_with_other_values_offers_a_correction(as_anna, contract, register):
    press(as_anna, contract, "send", **{str(register.pk): "243"})

    response = press(as_anna, contract, "send", **{str(register.pk): "244"})

    assert response.status_code == 409
    assert "отправить это как исправление" in text_of(response)


@pytest.mark.spec("READ-02")
def test_before_the_window_the_fields_are_closed_and_the_opening_is_said(as_anna, at):
    at(world.NOW - timedelta(days=1))

    response = as_anna.get(SEND)

    assert "Показания принимаются с 8 октября 2026 по 12 октября 2026 включительно" in text_of(response)
    assert "Передать показания" not in text_of(response)


@pytest.mark.parametrize("path", [SEND, ARCHIVE, "/w/contracts/", "/w/start/"])
def test_anonymous_is_led_to_the_sign_in(client, w, path):
    response = client.get(path)

    assert response.status_code == 302
    assert response["Location"].startswith("/w/sign-in/")


def test_stranger_meets_404_on_a_foreign_contract(visitor, contract, register, clara):
    stranger = world.signed_in(visitor, clara, contract.provider)

    assert press(stranger, contract, "send", **{str(register.pk): "243"}).status_code == 404
    assert not Submission.objects.exists()


@pytest.mark.spec("ROLE-02")
def test_accountant_is_told_whom_to_ask_for_sheet_and_archive(visitor, contract, register, anna):
    world.link(anna, contract, role=Role.ACCOUNTANT)
    accountant = world.signed_in(visitor, anna, contract.provider)

    answers = [
        press(accountant, contract, "send", **{str(register.pk): "243"}),
        accountant.get(SEND),
        accountant.get(ARCHIVE),
    ]

    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert not [answer for answer in answers if register.meter.number in text_of(answer)]
    assert "Попросите Администратора договора" in text_of(answers[0])


@pytest.mark.spec("ROLE-02")
def test_role_on_one_contract_opens_no_other(visitor, contract, register, anna):
    other = world.contract(contract.provider)
    world.link(anna, other)
    world.link(anna, contract, role=Role.ACCOUNTANT)

    response = press(world.signed_in(visitor, anna, contract.provider), contract, "send", **{str(register.pk): "243"})

    assert response.status_code == 403
    assert not Submission.objects.exists()


@pytest.mark.spec("ROLE-02", "ROLE-05")
@pytest.mark.parametrize("path", [SEND, ARCHIVE, "/w/readings/sewage-volumes/", f"{ARCHIVE}sewage-volumes/"])
def test_contract_that_the_role_does_not_open_is_named_with_whom_to_ask(visitor, contract, register, anna, path):
    other = world.contract(contract.provider, has_hot_water=True)
    world.link(anna, other)
    world.link(anna, contract, role=Role.ACCOUNTANT)

    text = text_of(world.signed_in(visitor, anna, contract.provider).get(path))

    asked = "Ваша роль не открывает показания этих договоров Попросите Администратора договора назначить вам другую."
    assert f"{asked} {contract.customer_name}, №{contract.customer_number}" in text
    assert register.meter.number not in text


def test_role_that_opens_all_is_told_nothing_of_roles(as_anna):
    assert "Ваша роль не открывает" not in text_of(as_anna.get(SEND))


@pytest.mark.parametrize("button", ["send", "keep"])
def test_ended_contract_takes_nothing(as_anna, contract, register, button):
    contract.valid_to = world.TODAY
    contract.save()

    press(as_anna, contract, button, **{str(register.pk): "243"})

    assert not Submission.objects.exists()
    assert not Draft.objects.exists()


def test_keeping_no_row_of_the_contract_says_what_to_do(as_anna, contract):
    strange = world.register_of(world.meter(world.contract(contract.provider)))

    assert "Заполните хотя бы одно показание" in text_of(press(as_anna, contract, "keep", **{str(strange.pk): "24"}))
    assert not Draft.objects.exists()


@pytest.mark.spec("READ-05")
def test_archive_shows_accepted_and_sent_with_their_states(as_anna, contract, register):
    press(as_anna, contract, "send", **{str(register.pk): "243"})

    text = text_of(as_anna.get(ARCHIVE))

    assert "231,000 м³" in text
    assert "принято" in text
    assert "243,000 м³" in text
    assert "отправлено" in text


@pytest.mark.spec("READ-05", "READ-09")
def test_meter_of_the_archive_opens_to_what_it_ran_by_month(as_anna, contract, register):
    world.accepted(register, "238", month="2026-10", taken_on=world.TODAY)
    address = re.search(r"/w/readings/meters/[0-9a-f-]+/", as_anna.get(ARCHIVE).content.decode())[0]

    page = as_anna.get(address)
    text = text_of(page)

    assert f"Прибор учёта № {register.meter.number}" in text
    assert re.search(r"октябрь 2026\s*7\b", text)
    assert "октябрь 2026: 7 м³</title>" in page.content.decode()
    assert "Расчётные характеристики" not in text
    assert f"{ARCHIVE}?point={register.meter.point_id}" in page.content.decode()


@pytest.mark.spec("READ-05")
def test_archive_is_filtered_by_address_and_days(as_anna, contract, register):
    other = world.meter(contract)

    by_point = as_anna.get(ARCHIVE, {"point": register.meter.point_id})
    by_day = as_anna.get(ARCHIVE, {"since": "2026-10-01", "until": "2026-10-08"})
    nonsense = as_anna.get(ARCHIVE, {"since": "31.02.2026", "point": "x"})

    assert f">{other.number}<" not in by_point.content.decode()
    assert "За эти дни показаний нет" in text_of(by_day)
    assert nonsense.status_code == 200


@pytest.mark.spec("SITE-06")
def test_start_page_says_what_is_left(as_anna, contract):
    assert "Осталось приборов: 1 из 1" in text_of(as_anna.get("/w/start/"))


@pytest.mark.spec("READ-01", "REG-04")
def test_typed_values_come_back_after_the_session_ended(visitor, contract, register, anna):
    world.link(anna, contract)
    gone = visitor.post(SEND, {"send": str(contract.pk), f"value-{register.pk}": "243"})
    assert gone.status_code == 302

    world.signed_in(visitor, anna, contract.provider)
    page = visitor.get(SEND)

    assert 'value="243"' in page.content.decode()
    assert not Submission.objects.exists()


@pytest.mark.spec("READ-03")
def test_form_pressed_again_after_the_window_has_closed_gets_its_first_answer(as_anna, contract, register, at):
    """The answer was lost in the last minute: whoever presses again is not told that it was too late."""
    fields = {"send": contract.pk, f"key-{contract.pk}": "one", f"value-{register.pk}": "243"}
    as_anna.post(SEND, fields)
    at(datetime(2026, 10, 12, 20, 1, tzinfo=UTC))

    again = as_anna.post(SEND, fields, follow=True)
    late = as_anna.post(SEND, fields | {f"key-{contract.pk}": "two", f"value-{register.pk}": "244"}, follow=True)

    assert "Успешно! Данные переданы" in text_of(again)
    assert "Срок передачи закрыт" in text_of(late)
    assert Submission.objects.count() == 1
