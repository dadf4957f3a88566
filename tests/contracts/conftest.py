"""Contracts as billing brings them, and a provider B that adds them by number and mailbox."""

import pytest
from django.test import Client

from tests import world
from tests.contracts.adding import MAILBOX, NUMBER, POLICY
from tests.exchange.conftest import billing, billing_v

__all__ = ["billing", "billing_v"]


@pytest.fixture
def b(db):
    return world.provider("b", policy=POLICY)


@pytest.fixture
def boris_of_b(b):
    return world.person(b, "boris@example.com")


@pytest.fixture
def as_boris(b, boris_of_b, at):
    return world.signed_in(Client(), boris_of_b, b)


@pytest.fixture
def klever(b):
    return world.contract(b, number=NUMBER, customer_name="АО «Клевер»", emails=[MAILBOX, "energo@klever.example"])
