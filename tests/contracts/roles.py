"""Builders of the tests of roles."""

from typing import Any
from uuid import uuid4

from kabinet.accounts.models import Specialist, User
from kabinet.contracts.models import Contract
from kabinet.contracts.services import roles
from kabinet.contracts.services.roles import Granting
from kabinet.contracts.values import Grant, Role
from kabinet.infra import clock
from kabinet.infra.models import OutgoingLetter
from kabinet.kernel.actors import Actor, ActorKind, Channel
from kabinet.providers.models import Provider
from tests import world


def granting(by: Actor, *, key: str = "") -> Granting:
    return Granting(key=key or str(uuid4()), language="ru", by=by, at=world.NOW, technical_at=clock.technical_now())


def grant(contract: Contract, email: str, *, by: User, key: str = "", **wanted: Any) -> Any:
    """Give a role as the person would by the page: an accountant's when nothing else is said."""
    facts: dict[str, Any] = {"email": email, "role": Role.ACCOUNTANT} | wanted
    return roles.grant_role(contract, Grant(**facts), granting=granting(world.actor(by, contract.provider), key=key))


def specialist(of: Provider, email: str = "olga@office.example.com", *, role: str = "support") -> Actor:
    """Return a specialist of the provider's office, as she acts."""
    user = User.objects.create(email=email, password="!", joined_at=world.NOW)
    row = Specialist.objects.create(
        user=user, provider=of, roles=[role], begins_at=clock.technical_now(), created_at=world.NOW
    )
    return Actor(ActorKind.STAFF, id=row.pk, provider_id=of.pk, channel=Channel.OFFICE)


def letters_to(email: str) -> list[OutgoingLetter]:
    return list(OutgoingLetter.objects.filter(to=email).order_by("made_at", "pk"))
