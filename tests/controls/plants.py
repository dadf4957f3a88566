"""Faults that are planted into a run of other tests: `-p tests.controls.plants`, named by KABINET_PLANT.

Nothing imports this: it is a plugin of the process that a control starts.
"""

import importlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest


def _no_unique_key() -> None:
    """Look before, instead of letting the unique key decide; the key itself goes in `pytest_runtest_call`."""
    from kabinet.infra import clock, idempotency, ids
    from kabinet.infra.models import IdempotencyKey

    def once(key: str, *, body: Any, by: Any, act: Callable[[], Any]) -> Any:
        if (before := idempotency.result_under(key, by=by)) is not None:
            return before
        facts = {"actor_kind": by.kind, "actor_id": by.id or idempotency.NOBODY, "key": key}
        hashed, result = idempotency.hash_of(body), act()
        IdempotencyKey.objects.create(
            id=ids.new(), body_hash=hashed, result=result, bound_at=clock.technical_now(), **facts
        )
        return result

    idempotency.once = once


def _no_row_lock() -> None:
    from django.db.models import QuerySet

    QuerySet.select_for_update = lambda rows, **_: rows  # type: ignore[method-assign]


def _no_child() -> None:
    """Read a file in the process that was asked."""
    from kabinet.infra import parsing

    def parse(task: str, path: Path, *, seconds: int, megabytes: int) -> Any:
        module, _, name = task.partition(":")
        return getattr(importlib.import_module(module), name)(path)

    parsing.parse = parse


def _no_look_into_archives() -> None:
    from kabinet.infra import archives

    archives.zip_guard = lambda path: []


def _event_within_the_request() -> None:
    """Tell the handlers at once and on their own, as a letter sent by a view would be: nothing takes it back."""
    from kabinet.infra import events

    emit = events.emit

    def emit_and_tell(kind: str, **facts: Any) -> Any:
        event = emit(kind, **facts)
        for handler in events.HANDLERS.values():
            if handler.kind == kind:
                handler.body(event)
        return event

    events.emit = emit_and_tell


def _number_at_insert() -> None:
    """Number an event when it is written: the order of numbers is no more that of commits."""
    from kabinet.infra import events
    from kabinet.infra.models import Event

    def emit(kind: str, **facts: Any) -> Any:
        written = Event.objects.order_by("-seq").exclude(seq=None).values_list("seq", flat=True).first() or 0
        return Event.objects.create(kind=kind, seq=written + 1, **facts)

    events.emit = emit


def _nothing_taken_back() -> None:
    """Say that a file was taken back, and leave its readings as they are."""
    from kabinet.readings.services import withdrawing

    withdrawing._withdraw = lambda undoing: None


def _anybody_sends() -> None:
    """Look at the registers with nobody's eyes, whoever it is that sends."""
    from kabinet.readings.services import sending

    looked = sending.held_sheet
    sending.require = lambda *_, **__: None  # type: ignore[assignment, attr-defined]
    sending.held_sheet = lambda *which, user_id, **facts: looked(*which, user_id=None, **facts)


def _leaving_leaves_the_role() -> None:
    from kabinet.contracts.services import linking

    linking.end_link = lambda *_, **__: None


def _answer_before_the_disk() -> None:
    from launcher import postgres

    postgres.SETTINGS["synchronous_commit"] = "off"
    # Whatever it is, it has not come to the disk yet: the usual fifth of a second makes the loss a matter of luck.
    postgres.SETTINGS["wal_writer_delay"] = "10s"


PLANTS: Final[dict[str, Callable[[], None]]] = {
    "no unique key": _no_unique_key,
    "no row lock": _no_row_lock,
    "no child": _no_child,
    "no look into archives": _no_look_into_archives,
    "event within the request": _event_within_the_request,
    "number at insert": _number_at_insert,
    "nothing taken back": _nothing_taken_back,
    "anybody sends": _anybody_sends,
    "leaving leaves the role": _leaving_leaves_the_role,
    "answer before the disk": _answer_before_the_disk,
    "nothing": lambda: None,
}
PLANTED: Final = os.environ["KABINET_PLANT"]


@pytest.hookimpl(tryfirst=True)
def pytest_collection() -> None:
    PLANTS[PLANTED]()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_call() -> None:
    if PLANTED == "no unique key":
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("SET ROLE NONE")
            cursor.execute("ALTER TABLE infra_idempotencykey DROP CONSTRAINT IF EXISTS idempotency_key_once")
            cursor.execute("SET ROLE kabinet_app")
