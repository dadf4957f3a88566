"""How often the two pages of the last evening wait for the server: exactly as often as SPEED says."""

from contextlib import contextmanager
from datetime import date

import psycopg
import pytest
from django.db import connection
from django.urls import reverse

from kabinet.contracts.http import ASKED_BESIDE
from kabinet.providers import middleware
from kabinet.providers.models import BillingPeriod
from kabinet.readings.models import Submission
from tests import world
from tests.readings.sending import SEND, hidden_of

pytestmark = pytest.mark.usefixtures("at")


@contextmanager
def waits(monkeypatch):
    """Count how often the driver had nothing left to do but to wait for the server's answer."""
    counted = []
    wait = psycopg.Connection.wait

    def watched(talk):
        answer, is_counted = None, False
        while True:
            try:
                wanted = talk.send(answer)
            except StopIteration as end:
                return end.value
            if wanted == psycopg.waiting.WAIT_R and not is_counted:
                counted.append(wanted)
                is_counted = True
            answer = yield wanted

    with monkeypatch.context() as patched:
        patched.setattr(
            psycopg.Connection, "wait", lambda self, talk, *more, **how: wait(self, watched(talk), *more, **how)
        )
        yield counted


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


def test_page_of_readings_waits_once(visitor, monkeypatch):
    with waits(monkeypatch) as waited:
        response = visitor.get(SEND)

    assert visitor.register.meter.number in response.content.decode()
    assert len(waited) == 1


@pytest.mark.django_db(transaction=True)
def test_sending_a_reading_waits_twice(visitor, monkeypatch):
    fields = hidden_of(visitor.get(SEND)) | {f"value-{visitor.register.pk}": "243", "send": str(visitor.contract.pk)}

    with waits(monkeypatch) as waited:
        response = visitor.post(SEND, fields)

    assert response.status_code == 302
    assert Submission.objects.get().raw == "243"
    assert len(waited) == 2


def test_path_that_is_asked_beside_is_the_pages():
    assert reverse("readings:send") in ASKED_BESIDE
    assert connection.settings_dict["OPTIONS"]["prepare_threshold"] == 1
