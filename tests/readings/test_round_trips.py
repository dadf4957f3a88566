"""How often the pages of the last evening ask the server and wait for it: exactly as often as SPEED says."""

import re
from datetime import date

import pytest
from django.db import connection
from django.urls import reverse
from psycopg import _queries

from bench.serving.counting import counted
from kabinet.contracts.http import ASKED_BESIDE
from kabinet.contracts.selectors import eyes
from kabinet.providers import middleware
from kabinet.providers.models import BillingPeriod
from kabinet.readings.models import Submission
from kabinet.readings.selectors import archive, lines
from kabinet.readings.services import storing
from tests import world
from tests.readings.sending import SEND, hidden_of

ARCHIVE = "/w/readings/archive/"

pytestmark = pytest.mark.usefixtures("at")


@pytest.fixture
def visitor(visitor, w, anna, monkeypatch):
    monkeypatch.setattr(middleware, "REMEMBERED_SECONDS", 600)
    contract = world.contract(w)
    world.link(anna, contract)
    BillingPeriod.objects.create(provider=w, month=date(2026, 10, 1))
    register = world.register_of(world.meter(contract))
    browser = world.signed_in(visitor, anna, w)
    browser.contract, browser.register = contract, register
    browser.get(SEND)  # the provider is remembered, the session has been noted
    return browser


def test_page_of_readings_waits_once(visitor):
    with counted() as found:
        response = visitor.get(SEND)

    assert visitor.register.meter.number in response.content.decode()
    assert (found.queries, found.waits) == (2, 1)


@pytest.mark.parametrize("filtered", ["", "?since=2026-01-01&until=2026-10-30&point={point}"])
def test_archive_waits_once(visitor, filtered):
    world.accepted(visitor.register, "231", month="2026-09", taken_on=date(2026, 9, 20))

    with counted() as found:
        response = visitor.get(ARCHIVE + filtered.format(point=visitor.register.meter.point_id))

    assert "231,000" in response.content.decode()
    assert (found.queries, found.waits) == (2, 1)


@pytest.mark.django_db(transaction=True)
def test_sending_a_reading_waits_twice(visitor):
    fields = hidden_of(visitor.get(SEND)) | {f"value-{visitor.register.pk}": "243", "send": str(visitor.contract.pk)}

    with counted() as found:
        response = visitor.post(SEND, fields)

    assert response.status_code == 302
    assert Submission.objects.get().raw == "243"
    assert (found.queries, found.waits) == (3, 2)


def test_every_ordinary_statement_is_a_wait(w):
    with counted() as found:
        BillingPeriod.objects.count()
        BillingPeriod.objects.first()

    assert (found.queries, found.waits) == (2, 2)


def test_paths_that_are_asked_beside_are_the_pages():
    assert {reverse("readings:send"), reverse("readings:archive")} <= ASKED_BESIDE.keys()
    assert connection.settings_dict["OPTIONS"]["prepare_threshold"] == 1


@pytest.mark.parametrize(
    "sql",
    [eyes._SQL, lines._BY_SESSION, lines._BY_USER, lines._BY_NOBODY, archive._BY_SESSION, archive._BY_USER,
     storing._BY_PERSON, storing._BY_NOBODY],
)  # fmt: skip
def test_driver_remembers_how_it_has_read_each_statement(sql):
    assert len(sql) <= _queries.MAX_CACHED_STATEMENT_LENGTH
    assert len(set(re.findall(r"%\((\w+)\)s", sql))) <= _queries.MAX_CACHED_STATEMENT_PARAMS
