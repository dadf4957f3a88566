"""Provider B with Vera, who sends the readings of a company by files; Nina's flat at provider P."""

import pytest

from tests import world
from tests.readings import books, flats


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


@pytest.fixture
def nina(p):
    return world.person(p, "nina@example.com")


@pytest.fixture
def flat(p, nina):
    return flats.account(p, nina)
