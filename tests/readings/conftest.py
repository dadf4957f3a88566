"""Provider B with Vera, who sends the readings of a company by files."""

import pytest

from tests import world
from tests.readings import books


@pytest.fixture
def b(db):
    return world.provider("b", policy=books.B_POLICY)


@pytest.fixture
def vera(b):
    return world.person(b, "vera@example.com")


@pytest.fixture
def deal(b, vera):
    contract = world.contract(b)
    world.link(vera, contract)
    return contract
