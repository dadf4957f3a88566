"""Roles on contracts: the office appoints the Администратор, who gives roles to the others (ROLE-01, ROLE-04)."""

from collections.abc import Iterable
from datetime import datetime

from demo.loading.people import contract_of, customer, found
from demo.values import DemoUser, GivenRole
from kabinet.accounts.models import Specialist, User
from kabinet.contracts.models import Contract, Membership, SupplyPoint
from kabinet.contracts.services import linking, roles
from kabinet.contracts.services.roles import Granting
from kabinet.contracts.values import Grant, Role
from kabinet.infra import clock
from kabinet.infra.db import use_case
from kabinet.kernel.actors import Actor, ActorKind, Channel
from kabinet.providers.models import Provider


def give(people: Iterable[DemoUser], *, provider: Provider, specialist: Specialist, at: datetime) -> None:
    """Give the roles that are not there yet, those of Администраторы first: they give the others."""
    given = [(user, role) for user in people for role in user.roles]
    office = Actor(ActorKind.STAFF, id=specialist.pk, provider_id=provider.pk, channel=Channel.OFFICE)
    for user, role in sorted(given, key=lambda pair: pair[1].role is not Role.ADMINISTRATOR):
        row, contract = found(user, provider=provider), contract_of(role.contract, provider=provider)
        if row and Membership.objects.filter(user=row, contract=contract).exists():
            continue
        if row and role.role is Role.ADMINISTRATOR:
            _appoint(row, contract, office=office, at=at)
        else:
            _grant(user, role, contract=contract, at=at)


@use_case
def _appoint(row: User, contract: Contract, *, office: Actor, at: datetime) -> None:
    """Let the person link the contract, then be appointed, as the office answers who asks (ROLE-03)."""
    linking.join(row, contract, by=customer(row, provider=contract.provider), at=at)
    roles.appoint(contract, row, by=office, at=at)


def _grant(user: DemoUser, given: GivenRole, *, contract: Contract, at: datetime) -> None:
    giver = Membership.objects.live(at).get(contract=contract, role=Role.ADMINISTRATOR).user
    points = SupplyPoint.objects.filter(contract=contract, external_id__in=given.points).values_list("pk", flat=True)
    grant = Grant(user.email, given.role, points=frozenset(points) if given.points else None)
    granting = Granting(
        key=f"demo/{given.contract}/{user.email}",
        language="ru",
        by=customer(giver, provider=contract.provider),
        at=at,
        technical_at=clock.technical_now(),
    )
    roles.grant_role(contract, grant, granting=granting)
