"""Facts that other features react to: written in the transaction of their cause, delivered by the relay."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.utils.module_loading import autodiscover_modules

from kabinet.infra.db import step
from kabinet.infra.models import Event

KINDS: Final = frozenset(
    {
        "accounts.password_changed",
        "billing.act_answered",
        "billing.act_requested",
        "contracts.linked",
        "contracts.role_expired",
        "contracts.role_given",
        "contracts.role_taken",
        "contracts.unlinked",
        "infra.file_infected",
        "readings.answered",
        "readings.meter_claimed",
        "readings.sent",
        "readings.volume_answered",
        "readings.volume_sent",
        "readings.withdrawn",
        "tickets.answered",
        "tickets.replied",
        "tickets.opened",
    }
)

Body = Callable[[Event], None]


@dataclass(frozen=True, slots=True)
class Handler:
    """A reaction: its name keys the cursor, so it never changes."""

    name: str
    kind: str
    body: Body
    from_the_first: bool


HANDLERS: dict[str, Handler] = {}


class UnknownKind(Exception):
    """Raised when code names an event that the list does not have."""


class HandlerExists(Exception):
    """Raised when two reactions would share a cursor."""


def on(kind: str, *, from_the_first: bool = False) -> Callable[[Body], Body]:
    """Register a reaction to events of a kind; it runs once per event, in the order of each contract.

    It runs within the relay's transaction, together with its cursor: it calls steps, not use cases. One that is new
    to an installation begins with events that were not numbered before it came, unless it asks for all there ever were.
    """
    if kind not in KINDS:
        raise UnknownKind(kind)

    def register(body: Body) -> Body:
        name = f"{body.__module__.removeprefix('kabinet.').removesuffix('.handlers')}.{body.__name__}"
        if name in HANDLERS:
            raise HandlerExists(name)
        HANDLERS[name] = Handler(name, kind, body, from_the_first)
        return body

    return register


@step
def emit(kind: str, *, provider_id: UUID, contract_id: UUID | None, payload: dict[str, Any], at: datetime) -> Event:
    """Write the event beside its cause; the relay finds it once both are committed."""
    if kind not in KINDS:
        raise UnknownKind(kind)
    return Event.objects.create(kind=kind, provider_id=provider_id, contract_id=contract_id, payload=payload, at=at)


def discover() -> None:
    """Import every app's handlers."""
    autodiscover_modules("handlers")
