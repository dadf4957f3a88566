"""The people of the demonstration: signed up, agreed, with contracts linked the way that everybody links them."""

from datetime import datetime

from demo.loading.providers import loader
from demo.values import PASSWORD, SOURCE, DemoUser, Utility
from kabinet.accounts import selectors
from kabinet.accounts.models import Enrollment, User
from kabinet.accounts.services import consents
from kabinet.accounts.values import REQUIRED_AGREEMENTS, Category, Place
from kabinet.contracts.models import Contract, Membership
from kabinet.contracts.rules.numbers import number_key
from kabinet.contracts.services import linking
from kabinet.contracts.values import LinkByInn
from kabinet.infra import audit
from kabinet.infra.db import use_case
from kabinet.kernel.actors import Actor, ActorKind
from kabinet.providers.models import Provider

PLACE = Place(address="127.0.0.1", agent="загрузка демонстрации")


def settle(user: DemoUser, *, utility: Utility, provider: Provider, at: datetime) -> None:
    """Sign a person up with his contracts; whoever is there already is left as he is."""
    row = User.objects.with_email(user.email).first() or _sign_up(user, provider=provider, at=at)
    today = at.astimezone(provider.zone).date()
    by = Actor(ActorKind.CUSTOMER, id=row.pk, provider_id=provider.pk)
    for number in user.contracts:
        contract = Contract.objects.get(provider=provider, source=SOURCE, external_id=number)
        # A link that was once there and was ended is the person's own doing.
        if Membership.objects.filter(user=row, contract=contract).exists():
            continue
        wanted = LinkByInn(inn=contract.inn, number_key=number_key(contract.number))
        linking.link_by_inn(wanted, address=PLACE.address, allowed=utility.policy.limits, by=by, at=at, today=today)


@use_case
def _sign_up(user: DemoUser, *, provider: Provider, at: datetime) -> User:
    """Make the user without the letter and its code, which nobody would type."""
    row = User(
        email=user.email,
        email_confirmed_at=at if user.is_confirmed else None,
        last_name=user.person.last,
        first_name=user.person.first,
        middle_name=user.person.middle,
        phone=user.phone,
        joined_at=at,
    )
    row.set_password(PASSWORD)
    row.save(force_insert=True)
    enrollment = Enrollment.objects.create(
        user=row,
        provider=provider,
        category=Category.LEGAL,
        organisation=user.organisation,
        position=user.position,
        joined_at=at,
    )
    current = selectors.current_agreements(provider.pk)
    accepted = {current[kind].pk for kind in REQUIRED_AGREEMENTS}
    consents.give(enrollment, current, accepted=accepted, place=PLACE, by=loader(provider), at=at)
    audit.record("accounts.signed_up", row, before=None, after=str(enrollment.pk), by=loader(provider))
    return row
