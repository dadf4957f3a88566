"""Sending from «Показания» on a real database, two people at once too (READ-10, READ-11)."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from kabinet.infra.models import AuditRow, Event
from kabinet.readings.models import EFFECTIVE, Submission
from kabinet.readings.services.points import submit
from kabinet.readings.services.rows import NothingSent, Sending
from kabinet.readings.values import Entry, Fate, Mistake
from tests import world
from tests.readings.books import power_meter

pytestmark = pytest.mark.spec("READ-10")


def send(user, of, *rows, key=None):
    entries = [Entry(register.pk, raw, frozenset(confirmed)) for register, raw, *confirmed in rows]
    key = key or f"{user.email}:{rows[0][1]}"
    act = Sending(world.opened(of), key=key, by=world.actor(user, of), at=world.NOW, today=world.TODAY)
    return submit(entries, months={}, sending=act)


def test_rows_of_several_contracts_go_by_one_sending(b, deal, vera):
    other = world.contract(b)
    world.link(vera, other)
    one, two = (power_meter(of, "300111").registers.get() for of in (deal, other))

    outcomes = send(vera, b, (one, "1100,5"), (two, "1200"))

    assert [outcome.fate for outcome in outcomes] == [Fate.SENT, Fate.SENT]
    assert set(Submission.objects.values_list("contract_id", flat=True)) == {deal.pk, other.pk}
    assert AuditRow.objects.filter(act="readings.sent").count() == 2
    assert sorted(event.payload["value"] for event in Event.objects.all()) == ["1100.50", "1200.00"]


@pytest.mark.spec("READ-11")
def test_same_key_and_rows_are_one_sending(b, deal, vera):
    register = power_meter(deal, "300111").registers.get()

    first, again = (send(vera, b, (register, "1100"), key="one") for _ in range(2))

    assert first == again
    assert Submission.objects.count() == 1


def _at_once(*acts):
    """Run the acts each in a thread and connection of its own; return their fates and problems, refusals too."""

    def run(act):
        try:
            return [(outcome.fate, outcome.problems) for outcome in act()]
        except NothingSent as nothing:
            return [(outcome.fate, outcome.problems) for outcome in nothing.outcomes]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


@pytest.mark.django_db(transaction=True)
def test_of_two_colleagues_at_once_one_is_asked_about_the_others_value(b, deal, vera):
    boris = world.person(b, "boris@example.com")
    world.link(boris, deal)
    register = power_meter(deal, "300111").registers.get()

    told = _at_once(lambda: send(vera, b, (register, "1100")), lambda: send(boris, b, (register, "1110")))

    assert sorted(told) == [[(Fate.SENT, ())], [(Fate.TO_CONFIRM, (Mistake.SENT_MEANWHILE,))]]
    assert Submission.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.spec("READ-11")
def test_confirmed_values_of_two_colleagues_follow_one_another(b, deal, vera):
    boris = world.person(b, "boris@example.com")
    world.link(boris, deal)
    meters = [power_meter(deal, number, registers=(("A+", "day"), ("A+", "night"))) for number in ("300111", "300222")]
    rows = [register for meter in meters for register in meter.registers.all()]
    mine = [(register, "1100", "sent_meanwhile") for register in rows]
    theirs = [(register, "1110", "sent_meanwhile") for register in reversed(rows)]

    told = _at_once(lambda: send(vera, b, *mine), lambda: send(boris, b, *theirs))

    assert [fate for outcomes in told for fate, _problems in outcomes] == [Fate.SENT] * 8
    for register in rows:
        effective = Submission.objects.get(register=register, state__in=EFFECTIVE)
        assert Submission.objects.get(register=register, id=effective.corrects).state == "superseded"
