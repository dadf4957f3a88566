"""The start page: what to do now, what waits for the provider, what was refused and why (SITE-06)."""

import re
from datetime import timedelta

import pytest

from kabinet.billing.models import ReconciliationAct
from kabinet.contracts.values import Role
from kabinet.providers.models import PolicyVersion
from kabinet.readings.models import SewageVolume
from tests import world
from tests.billing.acts import ask
from tests.home.closing import send_reading
from tests.readings.test_volumes import send as send_volumes

START = "/w/start/"

pytestmark = [pytest.mark.usefixtures("at"), pytest.mark.spec("SITE-06")]


@pytest.fixture
def w(w):
    """W with acts of reconciliation."""
    policy = PolicyVersion.objects.get(provider=w)
    policy.body = policy.body | {"sections": [*policy.body["sections"], "reconciliation_acts"]}
    policy.save()
    return w


@pytest.fixture
def contract(contract):
    contract.has_hot_water = True
    contract.save(update_fields=["has_hot_water"])
    return contract


@pytest.fixture
def as_anna(visitor, contract, anna):
    world.link(anna, contract)
    return world.signed_in(visitor, anna, contract.provider)


def text_of(client):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", client.get(START).content.decode()))


def test_volumes_are_a_duty_beside_readings(as_anna, contract):
    text = text_of(as_anna)

    assert f"Передайте показания: {contract.customer_name}" in text
    assert "Осталось приборов: 1 из 1. Приём до 12 октября 2026 включительно." in text
    assert f"Передайте объёмы по стокам ГВС: {contract.customer_name}" in text
    assert "Осталось адресов: 1 из 1. Приём до 12 октября 2026 включительно." in text


def test_what_was_sent_waits_for_billing(as_anna, contract, anna):
    send_volumes(contract, anna, (contract.points.get(), "7"))
    send_reading(contract, contract.registers.get(), anna)

    text = text_of(as_anna)

    assert "Сейчас ничего делать не нужно" in text
    assert "Приборов: 1. Ждут расчёта: 1." in text
    assert "Объёмов по стокам ГВС: 1. Ждут расчёта: 1." in text


def test_refused_volume_says_why_and_is_to_be_sent_again(as_anna, contract, anna):
    send_volumes(contract, anna, (contract.points.get(), "7"))
    SewageVolume.objects.update(state="refused", reason="Больше, чем холодной воды.")

    text = text_of(as_anna)

    assert f"{contract.points.get().address}: объём по стокам ГВС не принят Больше, чем холодной воды." in text
    assert "Осталось адресов: 1 из 1" in text


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("requested", "Готовит поставщик Акт сверки: 1 января 2026 — 30 сентября 2026"),
        ("refused", "Акт сверки не подготовлен: 1 января 2026 — 30 сентября 2026 Нет данных за май."),
    ],
)
def test_act_is_told_by_its_state(as_anna, contract, anna, state, words):
    ask(contract, anna)
    ReconciliationAct.objects.update(state=state, reason="Нет данных за май." if state == "refused" else "")

    assert words in text_of(as_anna)


@pytest.mark.parametrize("changed", [{"state_at": world.NOW - timedelta(days=40)}, {"asked_again": True}])
def test_refused_act_that_is_old_or_asked_for_again_is_told_no_more(as_anna, contract, anna, changed):
    act = ask(contract, anna)
    refused = {"state": "refused", "reason": "Нет данных за май.", "asked_at": world.NOW - timedelta(days=50)}
    ReconciliationAct.objects.filter(pk=act.pk).update(**refused, state_at=changed.get("state_at", world.NOW))
    if "asked_again" in changed:
        ask(contract, anna)

    assert "Нет данных за май." not in text_of(as_anna)


def test_accountant_meets_acts_and_no_duty_of_readings(visitor, contract, anna, boris):
    world.link(anna, contract)
    ask(contract, anna)
    world.link(boris, contract, role=Role.ACCOUNTANT)

    text = text_of(world.signed_in(visitor, boris, contract.provider))

    assert "Готовит поставщик" in text
    assert "Передайте" not in text


def test_engineer_meets_no_act(visitor, contract, anna, boris):
    world.link(anna, contract)
    ask(contract, anna)
    world.link(boris, contract, role=Role.ENERGY_ENGINEER)

    text = text_of(world.signed_in(visitor, boris, contract.provider))

    assert "Акт сверки" not in text
    assert "Передайте показания" in text
