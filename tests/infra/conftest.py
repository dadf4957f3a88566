"""Threads, processes and an empty list of handlers for the floor's tests."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob
from psycopg.conninfo import make_conninfo

from kabinet.infra import clock, events
from kabinet.infra.db import transaction_of
from tests.infra import recorder

PROVIDER = UUID(int=1)


@pytest.fixture
def no_handlers(monkeypatch: pytest.MonkeyPatch) -> dict[str, events.Handler]:
    handlers: dict[str, events.Handler] = {}
    monkeypatch.setattr(events, "HANDLERS", handlers)
    return handlers


@pytest.fixture
def handler(no_handlers: dict[str, events.Handler]) -> Any:
    return recorder.register()


@pytest.fixture
def emit() -> Callable[..., None]:
    def emit_one(name: str = "", *, contract: int | None = 1, kind: str = "readings.sent") -> None:
        with transaction_of("test"):
            events.emit(
                kind,
                provider_id=PROVIDER,
                contract_id=UUID(int=contract) if contract else None,
                payload={"name": name},
                at=clock.now(),
            )

    return emit_one


@pytest.fixture
def at_once() -> Callable[[Callable[[int], Any], int], list[Any]]:
    """Run a function in so many threads and return what each returned or raised."""

    def run(function: Callable[[int], Any], count: int) -> list[Any]:
        def guarded(number: int) -> Any:
            try:
                return function(number)
            except Exception as error:  # noqa: BLE001 - what a thread raises is its result
                return error
            finally:
                connection.close()

        with ThreadPoolExecutor(count) as pool:
            return list(pool.map(guarded, range(count)))

    return run


@pytest.fixture
def process_environment() -> dict[str, str]:
    """What a process of ours needs to work on the tests' database as the application."""
    url = make_conninfo(os.environ["DATABASE_URL"], dbname=connection.settings_dict["NAME"])
    return os.environ | {"DATABASE_URL": url, "KABINET_DB_ROLE": "kabinet_app"}


@pytest.fixture
def _no_jobs(transactional_db: None) -> Iterator[None]:
    """Take jobs away: their tables are not Django's, which empties only its own."""
    yield
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs; DELETE FROM procrastinate_workers")


def jobs_named(name: str) -> list[ProcrastinateJob]:
    return list(ProcrastinateJob.objects.filter(task_name=name).order_by("id"))
