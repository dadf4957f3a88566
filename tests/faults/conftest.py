"""One demo for all tests of this folder."""

import logging
from collections.abc import Callable, Iterator

import pytest

from tests.faults.demo import Demo, started_demo
from tests.faults.people import Ledger, Person


@pytest.fixture(scope="package")
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


@pytest.fixture(scope="package")
def free_contracts(shaken_demo: Demo) -> list[dict[str, object]]:
    """Contracts of W that nobody holds, with an open window and no peculiarities; each test takes its own."""
    water = next(provider for provider in shaken_demo.logins["providers"] if provider["tag"] == "W")
    return [
        contract
        for contract in water["unlinked"]
        if contract["window"] == "open" and contract["meters"] and not contract["shows"]
    ]


@pytest.fixture(scope="package")
def newcomer(shaken_demo: Demo, free_contracts: list[dict[str, object]]) -> Callable[[Ledger], Person]:
    """Return somebody new, signed in and with a contract of his own, whose answers go into a ledger."""

    def arrived(ledger: Ledger) -> Person:
        person = Person(shaken_demo, ledger, free_contracts.pop)
        person.sign_up()
        person.link(free_contracts.pop())
        assert person.registers
        return person

    return arrived


@pytest.fixture
def customer(newcomer: Callable[[Ledger], Person], ledger: Ledger) -> Callable[[], Person]:
    return lambda: newcomer(ledger)
