"""Contracts as billing brings them, and a provider B that adds them by number and mailbox."""

import pytest
from django.test import Client

from kabinet.accounts.values import AgreementKind
from tests import world
from tests.accounts import people
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


@pytest.fixture
def texts(p, at):
    """The three texts of P in their first version."""
    return {kind: people.publish(p, kind) for kind in AgreementKind}


@pytest.fixture
def account(p):
    """The account of the source, with a meter of hot water and one of electricity."""
    row = world.household(p)
    world.hot_water(row, number="№011774")
    world.electricity(row, number="ЭМ-11228-081")
    return row
