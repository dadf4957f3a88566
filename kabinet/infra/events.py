"""Facts that other features react to: written in the transaction of their cause, delivered by the relay."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.utils.module_loading import autodiscover_modules

from kabinet.infra.db import step
from kabinet.infra.models import Event

CHANNEL: Final = "kabinet_events"
KINDS: Final = frozenset(
    {
        "accounts.password_changed",
        "contracts.linked",
        "contracts.unlinked",
        "readings.answered",
        "readings.sent",
    }
)

Body = Callable[[Event], None]


@dataclass(frozen=True, slots=True)
class Handler:
    """A reaction: its name keys the cursor, so it never changes."""

    name: str
    kind: str
    body: Body


HANDLERS: dict[str, Handler] = {}


class UnknownKind(Exception):
    """Raised when code names an event that the list does not have."""


def on(kind: str) -> Callable[[Body], Body]:
    """Register a reaction to events of a kind; it runs once per event, in the order of each contract."""
    if kind not in KINDS:
        raise UnknownKind(kind)

    def register(body: Body) -> Body:
        name = f"{body.__module__.removeprefix('kabinet.').removesuffix('.handlers')}.{body.__name__}"
        HANDLERS[name] = Handler(name, kind, body)
        return body

    return register


@step
def emit(kind: str, *, provider_id: UUID, contract_id: UUID | None, payload: dict[str, Any], at: datetime) -> Event:
    """Write the event beside its cause and wake the relay when the cause is committed."""
    if kind not in KINDS:
        raise UnknownKind(kind)
    event = Event.objects.create(kind=kind, provider_id=provider_id, contract_id=contract_id, payload=payload, at=at)
    wake_relay()
    return event


def wake_relay() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"NOTIFY {CHANNEL}")


def discover() -> None:
    """Import every app's handlers."""
    autodiscover_modules("handlers")
