"""Who acts, and through which door."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class ActorKind(StrEnum):
    CUSTOMER = "customer"
    STAFF = "staff"
    API_KEY = "api_key"
    PARTNER = "partner"
    JOB = "job"
    ANONYMOUS = "anonymous"


class Channel(StrEnum):
    """The door through which an act came in."""

    WEB = "web"
    PUBLIC = "public"
    FILE = "file"
    API = "api"
    EXCHANGE = "exchange"
    OFFICE = "office"
    SYSTEM = "system"


class NobodyActs(Exception):
    """Raised when an act of a person at a provider is asked for without one."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something; entrances make it, services take it, audit stores it."""

    kind: ActorKind
    id: UUID | None = None
    provider_id: UUID | None = None
    on_behalf_of: UUID | None = None
    channel: Channel = Channel.WEB
    reason: str = ""

    @property
    def person(self) -> UUID:
        """Return who acts, where only a person can."""
        if self.id is None:
            raise NobodyActs
        return self.id

    @property
    def provider(self) -> UUID:
        """Return at whose portal he acts, where there has to be one."""
        if self.provider_id is None:
            raise NobodyActs
        return self.provider_id

    @property
    def is_customer(self) -> bool:
        return self.kind is ActorKind.CUSTOMER

    @property
    def is_staff(self) -> bool:
        return self.kind is ActorKind.STAFF
