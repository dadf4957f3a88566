"""A contract goes away while its readings are being typed; the same page serves readings and volumes."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest

from kabinet.accounts.models import Session
from kabinet.contracts import middleware
from kabinet.contracts.models import Membership
from kabinet.contracts.values import Role
from kabinet.infra import ids
from kabinet.readings.models import Draft, SewageVolume, Submission, VolumeDraft
from kabinet.readings.services import drafts, sending
from tests import world
from tests.readings.sending import SEND, VOLUMES, hidden_of, text_of

pytestmark = pytest.mark.usefixtures("at")

GONE = "больше не доступен вам: доступ отозван или договор удалён из кабинета; введённое по нему не отправлено"


@pytest.fixture
def other(contract, anna):
    row = world.contract(contract.provider, has_hot_water=True, customer_name="ООО «Вторая»")
    world.meter(row, showed="00020")
    world.link(anna, row)
    return row


@pytest.fixture
def as_anna(visitor, contract, anna):
    contract.has_hot_water = True
    contract.save(update_fields=["has_hot_water"])
    world.link(anna, contract)
    return world.signed_in(visitor, anna, contract.provider)


@pytest.fixture(params=[SEND, VOLUMES])
def address(request):
    return request.param


def row_of(contract, address):
    return f"value-{contract.registers.get().pk}" if address == SEND else f"volume-{contract.points.get().pk}"


def title_of(contract):
    return f"{contract.customer_name}, №{contract.customer_number}"


def press(client, address, opened, button, contract, **typed):
    return client.post(address, {**hidden_of(opened), button: contract.pk, **typed}, follow=True)


def nothing_is_stored():
    return not any(kind.objects.exists() for kind in (Submission, SewageVolume, Draft, VolumeDraft))


@pytest.mark.parametrize("button", ["send", "keep"])
@pytest.mark.spec("READ-01", "READ-04", "CON-04")
def test_contract_taken_away_while_typing_is_named_and_the_rest_stays_typed(
    as_anna, contract, other, anna, address, button
):
    opened = as_anna.get(address)
    Membership.objects.filter(user=anna, contract=contract).update(ended_at=world.NOW)

    answer = press(
        as_anna, address, opened, button, contract, **{row_of(contract, address): "243", row_of(other, address): "238"}
    )

    assert answer.status_code == 404
    assert f"Договор {title_of(contract)} {GONE}" in text_of(answer)
    assert 'value="238"' in answer.content.decode()
    assert nothing_is_stored()


@pytest.mark.spec("READ-01", "READ-03")
def test_rows_of_the_other_contract_go_and_the_lost_one_is_named(as_anna, contract, other, anna, address):
    opened = as_anna.get(address)
    Membership.objects.filter(user=anna, contract=contract).update(ended_at=world.NOW)

    answer = press(
        as_anna, address, opened, "send", other, **{row_of(contract, address): "24", row_of(other, address): "24"}
    )

    assert answer.status_code == 200
    assert "Успешно! Данные переданы" in text_of(answer)
    assert f"Договор {title_of(contract)} {GONE}" in text_of(answer)
    sent = Submission if address == SEND else SewageVolume
    assert [row.contract_id for row in sent.objects.all()] == [other.pk]


def test_ended_contract_is_named_and_takes_nothing(as_anna, contract, other, address):
    opened = as_anna.get(address)
    contract.valid_to = world.TODAY
    contract.save()

    answer = press(as_anna, address, opened, "send", contract, **{row_of(contract, address): "243"})

    assert answer.status_code == 409
    assert f"Договор {title_of(contract)} больше не доступен вам для передачи: он закончился" in text_of(answer)
    assert nothing_is_stored()


@pytest.mark.spec("ROLE-02")
def test_role_taken_away_while_typing_says_whom_to_ask(as_anna, contract, other, anna, address):
    opened = as_anna.get(address)
    Membership.objects.filter(user=anna, contract=contract).update(role=Role.ACCOUNTANT)

    answer = press(
        as_anna, address, opened, "send", contract, **{row_of(contract, address): "243", row_of(other, address): "238"}
    )

    assert answer.status_code == 403
    assert f"Договор {title_of(contract)} больше не доступен вам для передачи: изменилась ваша роль" in text_of(answer)
    assert "Попросите Администратора договора" in text_of(answer)
    assert 'value="238"' in answer.content.decode()
    assert nothing_is_stored()


def test_forged_contract_looks_like_none_at_all(as_anna, contract, other, address):
    foreign = world.contract(contract.provider, has_hot_water=True, customer_name="ООО «Чужая»")
    world.meter(foreign)

    def forge(target, **named):
        fields = {"send": target, f"key-{target}": "one", row_of(foreign, address): "243"} | named
        return as_anna.post(address, fields)

    answers = [
        (forge(foreign.pk, **named(foreign.pk)), forge(missing, **named(missing)))
        for missing in [ids.new()]
        for named in (lambda _target: {}, lambda target: {f"name-{target}": "ООО «Мечта»"})
    ]

    for theirs, nobodys in answers:
        assert theirs.status_code == nobodys.status_code == 404
        assert text_of(theirs) == text_of(nobodys)
        assert "Чужая" not in text_of(theirs)
    assert nothing_is_stored()


def test_typed_name_is_never_more_than_text(as_anna, contract, address):
    nobody = ids.new()

    answer = as_anna.post(address, {"send": nobody, f"name-{nobody}": "<script>alert(1)</script>"})

    assert "<script>alert(1)" not in answer.content.decode()


@pytest.mark.parametrize("button", ["send", "keep"])
def test_contract_taken_away_in_the_very_moment_is_said_too(as_anna, contract, other, anna, monkeypatch, button):
    """The page still saw the contract when a colleague took it away: the door inside decides."""
    opened = as_anna.get(SEND)
    inner = {"send": (sending, "require"), "keep": (drafts, "require")}[button]
    door = getattr(*inner)

    def taken_away(by, target, action, **when):
        Membership.objects.filter(user=anna, contract=contract).update(ended_at=world.NOW)
        return door(by, target, action, **when)

    monkeypatch.setattr(*inner, taken_away)
    answer = press(as_anna, SEND, opened, button, contract, **{row_of(contract, SEND): "243"})

    assert answer.status_code == 404
    assert f"Договор {title_of(contract)} {GONE}" in text_of(answer)
    assert title_of(other) in text_of(answer)
    assert nothing_is_stored()


def test_window_of_the_rest_is_shown_as_it_is(as_anna, contract, other, anna, at):
    opened = as_anna.get(SEND)
    Membership.objects.filter(user=anna, contract=contract).update(ended_at=world.NOW)
    at(world.NOW - timedelta(days=3))

    answer = press(as_anna, SEND, opened, "send", contract, **{row_of(contract, SEND): "243"})

    assert GONE in text_of(answer)
    assert "Сейчас поля закрыты" in text_of(answer)


@pytest.mark.spec("READ-03")
def test_sending_that_never_settles_asks_to_come_again_and_keeps_what_was_typed(as_anna, contract, monkeypatch):
    as_anna.raise_request_exception = False
    opened = as_anna.get(SEND)
    monkeypatch.setattr(sending, "_at_once", lambda *_, **__: None)
    monkeypatch.setattr(sending, "_under_locks", lambda *_, **__: None)

    typed = {**hidden_of(opened), "send": contract.pk, row_of(contract, SEND): "243"}
    answer = as_anna.post(SEND, urlencode(typed), content_type="application/x-www-form-urlencoded")

    assert answer.status_code == 503
    assert answer["Retry-After"]
    assert 'value="243"' in answer.content.decode()
    assert nothing_is_stored()


@pytest.mark.spec("READ-01")
def test_session_that_ends_while_the_page_is_asked_for_costs_no_contract(as_anna, contract, monkeypatch):
    """Who is let in is answered to the end: the sheets do not vanish between two statements of one request."""

    def signed_out_between(*statements):
        told = [middleware_together(one) for one in statements[:1]]
        Session.objects.all().delete()
        return [*(rows for (rows,) in told), *(rows for one in statements[1:] for rows in middleware_together(one))]

    opened = as_anna.get(SEND)
    middleware_together = middleware.together
    monkeypatch.setattr(middleware, "together", signed_out_between)

    answer = as_anna.post(SEND, {**hidden_of(opened), "send": contract.pk, row_of(contract, SEND): "240"})

    assert (answer.status_code, answer.headers.get("Location")) == (302, SEND)
    assert Submission.objects.get().value == 240
