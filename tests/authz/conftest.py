"""The town, built once for the whole matrix in a transaction that is taken back."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import override_settings

from kabinet.infra import clock
from kabinet.providers import middleware
from tests import world
from tests.authz import desks, furniture, town
from tests.authz.actors import Actor, cast_of
from tests.authz.ask import Asker, state, taken_back
from tests.authz.town import Town


@pytest.fixture(scope="module")
def inhabited(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Town, tuple[Actor, ...]]]:
    """The furnished town and its people; the business clock stands, and everybody works as the application."""
    storages = {**settings.STORAGES, "default": _files_in(tmp_path_factory.mktemp("files"))}
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch, override_settings(STORAGES=storages):
        patch.setattr(clock, "now", lambda: world.NOW)
        patch.setattr(logging.getLogger("django"), "disabled", True)  # thousands of refusals, each as it should be
        middleware.forget()
        with taken_back():
            # A transactional test before this module may have left the connection to the owner.
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL ROLE kabinet_app")
            yield furnished()
        middleware.forget()


def _files_in(folder: Path) -> dict[str, Any]:
    return {"BACKEND": "kabinet.infra.storage.DurableFiles", "OPTIONS": {"location": folder}}


def furnished() -> tuple[Town, tuple[Actor, ...]]:
    built = town.build()
    for office in (built.w, built.v):
        for furnish in furniture.OF_OFFICES:
            furnish(office)
    for home in built.households.values():
        for furnish_home in furniture.OF_HOUSEHOLDS:
            furnish_home(home)
    cast = cast_of(built)
    for person in built.people.values():
        for furnish_person in furniture.OF_PEOPLE:
            furnish_person(person)
    desks.lay_cards_open(built)
    return built, cast


@pytest.fixture(scope="module")
def asker(inhabited: tuple[Town, tuple[Actor, ...]]) -> Iterator[Asker]:
    """Who asks for everybody; at the end the town must stand as it stood."""
    before = state("")
    yield Asker(inhabited[0])
    assert state("") == before


@pytest.fixture(scope="module")
def cast(inhabited: tuple[Town, tuple[Actor, ...]]) -> tuple[Actor, ...]:
    return inhabited[1]
