"""A small named world: provider W with Anna, her colleague Boris and the stranger Clara; provider V beside it."""

import os
from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from django.db import connection
from django.test import Client
from hypothesis import settings
from xdist.remote import Producer
from xdist.scheduler import LoadGroupScheduling

from kabinet.accounts.models import User
from kabinet.contracts.models import Contract, Register
from kabinet.infra import clock, gate
from kabinet.providers import middleware
from kabinet.providers.models import Provider
from tests import emptying, told, world

# Stories that ran before in the same process leave Playwright's loop running; tests of the database do without one.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

# How long an example takes tells of the machine and what else it does, nothing of the rule: no test fails by it.
settings.register_profile("unhurried", settings(), deadline=None)
settings.load_profile("unhurried")


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name cases of bytes by their place: an archive made in another process, a moment later, is another one."""
    return argname if isinstance(val, bytes) else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests of a started demo in one process: a demo each would be one too many."""
    for item in items:
        if item.get_closest_marker("journey"):
            item.add_marker(pytest.mark.xdist_group("demo"))


class OneDemo(LoadGroupScheduling):  # type: ignore[misc]  # xdist has no types
    """Read the group from the folder: the mark no longer reaches the scheduler as part of a test's name (pytest 9)."""

    def _split_scope(self, nodeid: str) -> str:
        return "demo" if nodeid.startswith(("tests/journeys/", "tests/faults/")) else super()._split_scope(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadGroupScheduling | None:
    """Let one process run whatever starts a demo."""
    return OneDemo(config, log) if config.getvalue("dist") == "loadgroup" else None


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how large the access matrix was (tests/authz), and keep what was counted for a deep run."""
    ends = [
        report
        for some in terminalreporter.stats.values()
        for report in some
        if getattr(report, "when", "") == "teardown"
    ]
    facts = [fact for report in ends for fact in report.user_properties]
    routes = {route for name, route in facts if name == "route"}
    if cells := sum(number for name, number in facts if name == "cells"):
        terminalreporter.write_line(f"matrix: {cells} cells, {len(routes)} routes")
    if spent := told.seconds_in(terminalreporter):
        terminalreporter.write_line(f"seconds: {spent}")
    matrix = {"cells": cells, "routes": len(routes)} if cells else {}
    told.write(terminalreporter, {**told.figures_in(ends), **matrix})


@pytest.fixture
def figures(record_property: Callable[[str, object], None]) -> Callable[..., None]:
    """Tell what a test has counted: `figures(kills=200, lost=0)`."""
    return lambda **counted: record_property(told.FIGURE, counted)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> Iterator[None]:
    """Let the tests run as the application: every connection after the migrations takes its role."""
    options = connection.settings_dict["OPTIONS"]
    before = options["options"]
    connection.close()
    options["options"] = f"{before} -c role=kabinet_app"
    connection.ops.sql_flush = emptying.sql_flush  # type: ignore[assignment, method-assign]
    yield
    connection.close()
    options["options"] = before


@pytest.fixture(autouse=True)
def _owner_cleans_up(request: pytest.FixtureRequest) -> Iterator[None]:
    """Give the owner's rights back before a transactional test's tables are emptied."""
    yield
    marker = request.node.get_closest_marker("django_db")
    if marker and marker.kwargs.get("transaction"):
        with connection.cursor() as cursor:
            cursor.execute("SET ROLE NONE")
            # The tables of jobs are not Django's, which empties its own alone.
            cursor.execute("DELETE FROM procrastinate_jobs")


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    middleware.forget()
    yield
    middleware.forget()


@pytest.fixture(autouse=True)
def _empty_gate(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that a test did not read to its end would hold its lane."""
    monkeypatch.setattr(gate, "GATE", gate.Gate())


@pytest.fixture
def w(db: None) -> Provider:
    return world.provider("w")


@pytest.fixture
def v(db: None) -> Provider:
    return world.provider("v", zone_name="Asia/Yekaterinburg")


@pytest.fixture
def b(db: None) -> Provider:
    """The energy retailer for business."""
    return world.provider("b", name="АО «Энергосбыт»", short_name="Энергосбыт", policy=world.POLICY_OF_B)


@pytest.fixture
def p(db: None) -> Provider:
    """The retailer of electricity, hot water and heat for households."""
    return world.provider("p", name="АО «Энергосбыт-Быт»", short_name="Энергосбыт-Быт", policy=world.POLICY_OF_P)


@pytest.fixture
def anna(w: Provider) -> User:
    return world.person(w, "anna@example.com")


@pytest.fixture
def boris(w: Provider) -> User:
    return world.person(w, "boris@example.com")


@pytest.fixture
def clara(w: Provider) -> User:
    return world.person(w, "clara@example.com")


@pytest.fixture
def contract(w: Provider) -> Contract:
    """A contract of W with deadline day 10 and one meter that showed 00231 in September; nobody holds it."""
    row = world.contract(w)
    world.meter(row)
    return row


@pytest.fixture
def register(contract: Contract) -> Register:
    return contract.registers.get()


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Set the business clock; technical time stays real."""

    def set_clock(moment: datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: moment)

    set_clock(world.NOW)
    return set_clock


@pytest.fixture
def visitor() -> Client:
    return Client()
