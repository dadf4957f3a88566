"""What people were told is compared with what is stored, and a difference is seen (bench/serving/ledger.py)."""

from urllib.parse import parse_qsl

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from bench.serving import crowd, ledger
from bench.serving.arrivals import Told
from bench.serving.visitors import SECRET, SEND, Visitors

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = 2


@pytest.fixture
def evening():
    """Everybody sends a reading by the very bytes of the load, the first one twice; return who and what was told."""
    change("SET ROLE NONE")
    visitors = Visitors(crowd.fill(PEOPLE, 3, say=lambda _: None))
    told = Told()
    for number in range(1, PEOPLE + 2):
        visit = visitors.sends()
        person = (number - 1) % PEOPLE + 1
        assert press(visit, person).status_code == visit.expected
        told.note(visit, status=visit.expected, head=b"", due=0.0)
    return visitors, told


def press(visit, person):
    head, _, body = visit.request.partition(b"\r\n\r\n")
    assert f"token-{person}".encode() in head
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = crowd.token(person)
    client.cookies[settings.CSRF_COOKIE_NAME] = SECRET
    return client.post(f"/{crowd.SLUG}{SEND}", dict(parse_qsl(body.decode())))


def change(sql):
    """Change what nobody may change."""
    with connection.cursor() as cursor:
        cursor.execute(sql)


def test_what_was_acknowledged_is_there_once(evening):
    visitors, told = evening

    found = ledger.look(visitors.sent, [told])

    assert found.acknowledged == PEOPLE + 1
    assert found.is_well


@pytest.mark.parametrize(
    ("sql", "what"),
    [
        ("DELETE FROM readings_submission WHERE key = 'deadline-0-2'", "lost"),
        ("UPDATE readings_submission SET value = value + 1 WHERE key = 'deadline-0-2'", "lost"),
        ("DELETE FROM infra_event WHERE kind = 'readings.sent'", "without_event"),
    ],
)
def test_what_is_not_as_was_told_is_seen(evening, sql, what):
    visitors, told = evening

    change(sql)

    found = ledger.look(visitors.sent, [told])
    assert getattr(found, what) > 0
    assert not found.is_well


def test_reading_that_was_put_off_and_stored_all_the_same_is_seen(evening):
    visitors, told = evening

    told.acknowledged.remove("deadline-0-1")
    told.put_off.append("deadline-0-1")

    assert ledger.look(visitors.sent, [told]).kept_though_put_off == 1


def test_reading_of_which_nobody_was_told_anything_may_be_there_or_not(evening):
    visitors, told = evening

    told.unknown += ["deadline-0-1", "deadline-9-9"]

    assert ledger.look(visitors.sent, [told]).is_well
