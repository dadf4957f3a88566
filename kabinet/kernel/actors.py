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
    def is_customer(self) -> bool:
        return self.kind is ActorKind.CUSTOMER

    @property
    def is_staff(self) -> bool:
        return self.kind is ActorKind.STAFF
