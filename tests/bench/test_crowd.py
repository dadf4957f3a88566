"""The crowd of benchmarks: as many rows as asked for, all keys in their places, and pages that its tokens open."""

from datetime import date

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from bench.serving import crowd
from kabinet.accounts.models import Session, User
from kabinet.contracts.models import Contract, Membership, Register
from kabinet.readings.models import Reading

pytestmark = pytest.mark.django_db(transaction=True)

KEYS = """
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), convalidated FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT indrelid::regclass::text, '', pg_get_indexdef(indexrelid), indisvalid FROM pg_index
    WHERE indrelid::regclass::text !~ '^pg_'
    ORDER BY 1, 2, 3
"""


def keys():
    with connection.cursor() as cursor:
        cursor.execute(KEYS)
        return cursor.fetchall()


@pytest.fixture
def as_the_owner():
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")


@pytest.mark.usefixtures("as_the_owner")
def test_crowd_is_as_large_as_asked_for_and_every_key_is_back():
    before = keys()

    made = crowd.fill(30, months=3, say=lambda _words: None)

    assert keys() == before
    counted = {model.__name__: model.objects.count() for model in (User, Session, Contract, Membership, Register)}
    assert set(counted.values()) == {30}
    assert Reading.objects.count() == 90
    assert Reading.objects.filter(contract_id=crowd.id_of("c", 30)).count() == 3
    assert max(Reading.objects.values_list("month", flat=True)) == made.month.previous.first


@pytest.mark.usefixtures("as_the_owner")
def test_token_of_a_number_opens_its_own_page_with_an_open_field():
    crowd.fill(12, months=3, say=lambda _words: None)
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = crowd.token(7)

    page = client.get("/bench/readings/cold-water/", headers={"Host": "localhost"}).content.decode()

    assert "300007" in page
    assert "300008" not in page
    assert f'name="value-{crowd.id_of("e", 7)}"' in page
    assert "disabled" not in page


@pytest.mark.parametrize("day", [date(2026, month, day) for month in (2, 4, 12) for day in (1, 14, 27, 28)])
def test_somebodys_window_is_open_on_any_day(day, w):
    month, deadline = crowd.open_window(crowd.provider_by_slug(w.slug, at=crowd.clock.now()), day)

    assert 1 <= deadline <= 31
    assert abs((month.first - day).days) <= 31
