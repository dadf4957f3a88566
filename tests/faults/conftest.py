"""One demo for all tests of this folder."""

import logging
from collections.abc import Iterator

import pytest

from tests.faults.demo import Demo, started_demo
from tests.faults.people import Ledger, Person


@pytest.fixture(scope="module")
def shaken_demo() -> Iterator[Demo]:
    """A started demo that tests kill parts of; it heals by itself, and ends before the journeys start theirs."""
    with started_demo() as demo:
        yield demo


@pytest.fixture(scope="session", autouse=True)
def _quiet_clients() -> None:
    """Thousands of requests are counted in the ledger; a line for each would hide what matters."""
    logging.getLogger("httpx").setLevel(logging.WARNING)


@pytest.fixture
def ledger() -> Ledger:
    return Ledger()


@pytest.fixture(scope="module")
def free_contracts(shaken_demo: Demo) -> list[dict[str, object]]:
    """Contracts of W that nobody holds, with an open window and no peculiarities; each test takes its own."""
    water = next(provider for provider in shaken_demo.logins["providers"] if provider["tag"] == "W")
    return [
        contract
        for contract in water["unlinked"]
        if contract["window"] == "open" and contract["meters"] and not contract["shows"]
    ]


@pytest.fixture
def customer(shaken_demo: Demo, ledger: Ledger, free_contracts: list[dict[str, object]]):
    """Return somebody new, signed in and with a contract of his own."""

    def newcomer() -> Person:
        person = Person(shaken_demo, ledger)
        person.sign_up()
        person.link(free_contracts.pop())
        assert person.registers
        return person

    return newcomer
