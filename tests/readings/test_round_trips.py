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
    """Count how often the driver has to wait for the server: for a pipeline of statements at its end alone."""
    counted = []
    wait = psycopg.Connection.wait

    def counting(self, talk, *more, **how):
        is_on_its_way = self._pipeline is not None and talk.__name__ in {"_enter_gen", "_execute_gen"}
        if not is_on_its_way and talk.__name__ != "_set_autocommit_gen":
            counted.append(talk.__name__)
        return wait(self, talk, *more, **how)

    with monkeypatch.context() as patched:
        patched.setattr(psycopg.Connection, "wait", counting)
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


def test_every_ordinary_statement_is_a_wait(w, monkeypatch):
    with waits(monkeypatch) as waited:
        BillingPeriod.objects.count()
        BillingPeriod.objects.first()

    assert len(waited) == 2


def test_path_that_is_asked_beside_is_the_pages():
    assert reverse("readings:send") in ASKED_BESIDE
    assert connection.settings_dict["OPTIONS"]["prepare_threshold"] == 1
