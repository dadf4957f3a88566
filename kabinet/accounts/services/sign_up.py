"""Sign-up by an address alone (REG-01) and of a legal entity (REG-04)."""

from datetime import datetime, timedelta
from typing import Final

from kabinet.accounts import letters, selectors
from kabinet.accounts.models import Enrollment, User
from kabinet.accounts.rules import agreements as rules
from kabinet.accounts.services import codes, consents, tries
from kabinet.accounts.values import Category, Newcomer, Place, Purpose
from kabinet.infra import audit, mail
from kabinet.infra.db import step, use_case
from kabinet.kernel.actors import Actor
from kabinet.providers import values as policy
from kabinet.providers.models import Provider

SAME_CLICK: Final = timedelta(minutes=1)


class SignUpClosed(Exception):
    """Raised where the provider has not published the texts that people must agree to first."""


def sign_up(
    newcomer: Newcomer,
    *,
    provider: Provider,
    place: Place,
    language: str,
    allowed: policy.Limits,
    by: Actor,
    at: datetime,
) -> None:
    """Make the person's user and part at the provider; whoever has the address already is told by letter alone."""
    tries.spend_address(tries.SIGN_UPS, place.address)
    may_write = tries.is_letter_due(newcomer.email, Purpose.CONFIRM_EMAIL, allowed=allowed)
    user = _user_of(newcomer, language=language, at=at)
    _sign_up(user, newcomer, provider=provider, place=place, may_write=may_write, by=by, at=at)


@use_case
def _sign_up(
    user: User, newcomer: Newcomer, *, provider: Provider, place: Place, may_write: bool, by: Actor, at: datetime
) -> None:
    current = selectors.current_agreements(provider.pk)
    if not rules.is_open_for_sign_up({kind: agreement.pk for kind, agreement in current.items()}):
        raise SignUpClosed
    consents.require_all(current, accepted=newcomer.accepted)
    if _is_inserted(user):
        enrollment = Enrollment.objects.create(
            user=user, provider=provider, category=Category.LEGAL, organisation=newcomer.organisation, joined_at=at
        )
        consents.give(enrollment, current, accepted=newcomer.accepted, place=place, by=by, at=at)
        audit.record("accounts.signed_up", user, before=None, after=str(enrollment.pk), by=by)
        codes.write_code(user, Purpose.CONFIRM_EMAIL, provider=provider, at=at)
    elif may_write:
        _tell_registered(newcomer.email, provider=provider, at=at)


@step
def _tell_registered(email: str, *, provider: Provider, at: datetime) -> None:
    """Write to who has the address; one who signed up this minute clicked twice, and has the code coming."""
    user = User.objects.with_email(email).get()
    if at - user.joined_at > SAME_CLICK:
        mail.post(letters.already_registered(user, provider=provider))


def _user_of(newcomer: Newcomer, *, language: str, at: datetime) -> User:
    """Return the user to be; hashing the password is the dear part, and is done for a known address too."""
    user = User(
        email=newcomer.email,
        last_name=newcomer.last_name,
        first_name=newcomer.first_name,
        middle_name=newcomer.middle_name,
        phone=newcomer.phone,
        language=language,
        joined_at=at,
    )
    user.set_password(newcomer.password)
    return user


def _is_inserted(user: User) -> bool:
    """Insert unless the address has a user; of two at once the unique index lets one through."""
    User.objects.bulk_create([user], ignore_conflicts=True)
    return User.objects.filter(pk=user.pk).exists()
