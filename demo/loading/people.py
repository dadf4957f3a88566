"""The people of the demonstration: signed up, agreed, with contracts linked the way that everybody links them."""

from datetime import datetime

from django.contrib.auth.hashers import make_password

from demo.loading.providers import loader
from demo.values import PASSWORD, SOURCE, DemoUser, Utility
from kabinet.accounts import selectors
from kabinet.accounts.models import Enrollment, LoginName, User
from kabinet.accounts.rules.passwords import normal_password
from kabinet.accounts.services import consents, old_logins
from kabinet.accounts.services.old_logins import OldPerson
from kabinet.accounts.values import REQUIRED_AGREEMENTS, Category, LoginKind, Place
from kabinet.contracts.models import Contract, Membership
from kabinet.contracts.rules.numbers import number_key
from kabinet.contracts.services import linking
from kabinet.contracts.values import LinkByInn
from kabinet.infra import audit
from kabinet.infra.db import use_case
from kabinet.kernel.actors import Actor, ActorKind
from kabinet.providers.models import Provider
from kabinet.providers.values import Linking

PLACE = Place(address="127.0.0.1", agent="загрузка демонстрации")


def settle(user: DemoUser, *, utility: Utility, provider: Provider, at: datetime) -> None:
    """Sign a person up with his contracts; whoever is there already is left as he is."""
    if user.is_invited:
        return
    row = found(user, provider=provider) or _come(user, provider=provider, at=at)
    for number in user.contracts:
        contract = contract_of(number, provider=provider)
        # A link that was once there and was ended is the person's own doing.
        if not Membership.objects.filter(user=row, contract=contract).exists():
            _link(row, contract, utility=utility, at=at)


def found(user: DemoUser, *, provider: Provider) -> User | None:
    return User.objects.known_as(user.login, provider=provider).first()


def contract_of(number: str, *, provider: Provider) -> Contract:
    return Contract.objects.get(provider=provider, source=SOURCE, external_id=number)


def customer(row: User, *, provider: Provider) -> Actor:
    return Actor(ActorKind.CUSTOMER, id=row.pk, provider_id=provider.pk)


def _link(row: User, contract: Contract, *, utility: Utility, at: datetime) -> None:
    by = customer(row, provider=contract.provider)
    if utility.policy.linking is Linking.INN_AND_NUMBER:
        wanted = LinkByInn(inn=contract.inn, number_key=number_key(contract.number))
        today = at.astimezone(contract.provider.zone).date()
        linking.link_by_inn(wanted, address=PLACE.address, allowed=utility.policy.limits, by=by, at=at, today=today)
    else:
        _join(row, contract, by=by, at=at)


@use_case
def _join(row: User, contract: Contract, *, by: Actor, at: datetime) -> None:
    """Link as a confirmed letter does (CON-02), without the letter that nobody would open."""
    linking.join(row, contract, by=by, at=at)


def _come(user: DemoUser, *, provider: Provider, at: datetime) -> User:
    if not user.old_login:
        return _sign_up(user, provider=provider, at=at)
    person = user.person
    old = OldPerson(
        user.old_login,
        password=make_password(normal_password(PASSWORD)),
        last_name=person.last,
        first_name=person.first,
        middle_name=person.middle,
        phone=user.phone,
    )
    old_logins.take_over(old, provider=provider, by=loader(provider), at=at)
    return User.objects.known_as(user.old_login, provider=provider).get()


@use_case
def _sign_up(user: DemoUser, *, provider: Provider, at: datetime) -> User:
    """Make the user without the letter and its code, which nobody would type."""
    row = User(email=user.email, email_confirmed_at=at if user.is_confirmed else None, joined_at=at)
    category = Category.PERSON if user.account else Category.LEGAL
    enrollment = Enrollment(user=row, provider=provider, category=category, joined_at=at)
    if user.is_introduced:
        person = user.person
        row.last_name, row.first_name, row.middle_name, row.phone = person.last, person.first, person.middle, user.phone
        enrollment.organisation, enrollment.position = user.organisation, user.position
        enrollment.address = provider.address
    row.set_password(PASSWORD)
    row.save(force_insert=True)
    enrollment.save(force_insert=True)
    if user.account:
        LoginName.objects.create(provider=provider, kind=LoginKind.ACCOUNT, value=user.account, user=row)
    current = selectors.current_agreements(provider.pk)
    accepted = {current[kind].pk for kind in REQUIRED_AGREEMENTS}
    consents.give(enrollment, current, accepted=accepted, place=PLACE, by=loader(provider), at=at)
    audit.record("accounts.signed_up", row, before=None, after=str(enrollment.pk), by=loader(provider))
    return row
