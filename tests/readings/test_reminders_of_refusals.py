"""«Показание отклонено расчётом: причина», by letter."""

import pytest

from kabinet.contracts.models import Membership
from kabinet.contracts.values import Role
from kabinet.infra import events, relay
from kabinet.infra.models import Event
from kabinet.providers.models import BillingPeriod
from kabinet.readings.models import Reminder, SewageVolume, Submission
from tests import world
from tests.readings.test_reminders import OPENING, letters, remind
from tests.readings.test_services import send
from tests.readings.test_volumes import send as send_volume

pytestmark = pytest.mark.spec("NOTE-04")


@pytest.fixture
def linked(contract, anna):
    world.link(anna, contract)
    return contract


@pytest.fixture(autouse=True)
def _handlers():
    events.discover()


@pytest.fixture
def refuse(w):
    def answer(model, reason="Показание меньше предыдущего принятого."):
        row = model.objects.get(state__in=["sent", "passed"])
        model.objects.filter(contract_id=row.contract_id, id=row.id).update(state="refused", reason=reason)
        kind = "readings.answered" if model is Submission else "readings.volume_answered"
        told = Event(
            kind=kind, provider_id=w.pk, contract_id=row.contract_id, at=OPENING,
            payload={"submission": str(row.id), "verdict": "refused", "reason_code": ""},
        )  # fmt: skip
        told.save()
        relay.turn()
        return row

    return answer


def test_refusal_is_told_once_with_its_reason(linked, register, anna, w, refuse):
    send(linked, anna, (register, "243"))
    remind(w)
    refuse(Submission)

    assert [remind(w), remind(w)] == [1, 0]

    (letter,) = letters()
    assert "не приняты в расчёт" in letter.subject
    assert "показание 243. Причина: Показание меньше предыдущего принятого." in letter.text
    assert "Исправьте и передайте снова: срок — по 12 октября 2026 включительно." in letter.text


def test_refused_volume_is_told(linked, register, anna, w, refuse):
    linked.has_hot_water = True
    linked.save(update_fields=["has_hot_water"])
    send(linked, anna, (register, "243"))
    send_volume(linked, anna, (linked.points.get(), "7,5"))
    refuse(SewageVolume, "Нет такой точки.")
    BillingPeriod.objects.update(state="closed")

    assert remind(w) == 1
    (letter,) = letters()
    assert "объём по стокам ГВС 7,5. Причина: Нет такой точки." in letter.text
    assert "Срок передачи за этот период закончился" in letter.text


def test_what_was_corrected_before_the_letter_needs_none(linked, register, anna, w, refuse):
    send(linked, anna, (register, "243"))
    refuse(Submission)
    send(linked, anna, (register, "244"))

    assert remind(w) == 0
    assert Reminder.objects.get().told_on is not None


def test_accountant_and_who_has_left_are_not_told(linked, register, anna, boris, w, refuse):
    world.link(boris, linked, role=Role.ACCOUNTANT)
    send(linked, anna, (register, "243"))
    refuse(Submission)
    Membership.objects.filter(user=anna).update(ended_at=world.NOW)

    assert remind(w) == 0


def test_second_refusal_of_the_month_is_not_told_again(linked, register, anna, w, refuse):
    send(linked, anna, (register, "243"))
    refuse(Submission)
    remind(w)
    send(linked, anna, (register, "244"))
    refuse(Submission)

    assert Reminder.objects.filter(kind="refused").count() == 1
    assert [letter.template for letter in letters()].count("readings/refused") == 1


def test_several_contracts_are_one_letter(linked, register, anna, w, refuse):
    other = world.contract(w)
    second = world.register_of(world.meter(other))
    world.link(anna, other)
    for of, row in ((linked, register), (other, second)):
        send(of, anna, (row, "243"))
        refuse(Submission)

    remind(w)

    (letter,) = [letter for letter in letters() if letter.template == "readings/refused"]
    assert linked.customer_name in letter.text
    assert other.customer_name in letter.text
