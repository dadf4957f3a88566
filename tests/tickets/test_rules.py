"""Numbers, states, topics and stamps."""

from datetime import timedelta

import pytest

from kabinet.infra import ids
from kabinet.kernel.actors import Actor, ActorKind
from kabinet.tickets.rules import deeds
from kabinet.tickets.rules.numbers import ticket_number
from kabinet.tickets.rules.stamps import stamp_problem
from kabinet.tickets.rules.topics import topic_named
from kabinet.tickets.values import Deed, StampProblem, Status, TopicValue
from tests import world

PROVIDER = ids.new()
READINGS = TopicValue(ids.new(), "Показания приборов учёта")
ACCESS = TopicValue(ids.new(), "Права доступа", ids.new())


@pytest.mark.parametrize(
    ("ordinal", "number"), [(1, "ОС-2026-000001"), (123, "ОС-2026-000123"), (1234567, "ОС-2026-1234567")]
)
def test_number_is_written_for_people(ordinal, number):
    assert ticket_number(2026, ordinal) == number


@pytest.mark.parametrize(
    ("deed", "becomes"),
    [
        (Deed.TAKE, {"new": "in_work", "in_work": None, "answered": None, "closed": None}),
        (Deed.ANSWER, {"new": "answered", "in_work": "answered", "answered": "answered", "closed": None}),
        (Deed.CLOSE, {"new": "closed", "in_work": "closed", "answered": "closed", "closed": None}),
        (Deed.NOTE, {"new": "new", "in_work": "in_work", "answered": "answered", "closed": "closed"}),
    ],
)
def test_states_move_along_the_arrows(deed, becomes):
    assert {status.value: deeds.status_after(deed, status) for status in Status} == becomes


@pytest.mark.parametrize(
    ("kind", "is_own", "works", "publishes"),
    [
        (ActorKind.STAFF, True, True, True),
        (ActorKind.STAFF, False, False, False),
        (ActorKind.JOB, True, False, True),
        (ActorKind.CUSTOMER, True, False, False),
        (ActorKind.PARTNER, True, False, False),
        (ActorKind.ANONYMOUS, True, False, False),
    ],
)
def test_office_alone_works_on_tickets(kind, is_own, works, publishes):
    by = Actor(kind, id=ids.new(), provider_id=PROVIDER if is_own else ids.new())

    assert deeds.may_work(by, provider_id=PROVIDER) is works
    assert deeds.may_publish(by, provider_id=PROVIDER) is publishes


@pytest.mark.parametrize(
    ("subject", "topic"),
    [
        ("Права доступа", ACCESS),
        ("  права   ДОСТУПА ", ACCESS),
        ("показания приборов учета", READINGS),
        ("Показания", None),
        ("", None),
    ],
)
def test_subject_names_a_topic_in_any_spelling(subject, topic):
    assert topic_named(subject, [READINGS, ACCESS]) == topic


@pytest.mark.parametrize(
    ("age", "problem"),
    [
        (timedelta(0), StampProblem.TOO_QUICK),
        (timedelta(seconds=2.9), StampProblem.TOO_QUICK),
        (timedelta(seconds=3), None),
        (timedelta(hours=24), None),
        (timedelta(hours=24, seconds=1), StampProblem.TOO_OLD),
        (timedelta(seconds=-5), StampProblem.TOO_QUICK),
    ],
)
def test_form_comes_neither_too_quickly_nor_too_late(age, problem):
    assert stamp_problem(world.NOW - age, at=world.NOW) == problem
