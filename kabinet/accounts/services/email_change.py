"""Another e-mail address: it takes the place of the former one only when its code is typed (PROF-01).

Whether the new address belongs to somebody is told to nobody but that address.
"""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError

from kabinet.accounts import letters, selectors
from kabinet.accounts.models import OneTimeSecret, Session, User
from kabinet.accounts.services import codes, parts, tries
from kabinet.accounts.services.codes import CodeRefused
from kabinet.accounts.values import Place, Purpose
from kabinet.infra import audit, limits, mail
from kabinet.infra.db import step, use_case
from kabinet.infra.limits import LimitReached
from kabinet.kernel.actors import Actor
from kabinet.providers import values as policy
from kabinet.providers.models import Provider


class SameAddress(Exception):
    """Raised when the address is the person's already."""


class AddressTaken(Exception):
    """Raised when somebody else took the address meanwhile; only who reads its letters gets as far as this."""


class NothingToConfirm(Exception):
    """Raised when no other address waits for a code."""


def ask_to_change(
    email: str, *, session: Session, provider: Provider, allowed: policy.Limits, by: Actor, at: datetime
) -> None:
    """Send a code to the address to be and word to the one that stands; a second click is the first one again."""
    limits.spend(tries.ADDRESS_CHANGES, str(session.user_id))
    waiting = selectors.address_to_be(session.user_id, provider_id=provider.pk, at=at)
    try:
        tries.spend_letter(email, Purpose.CHANGE_EMAIL, allowed=allowed)
    except LimitReached as reached:
        if waiting == email and reached.limit is tries.LETTER_A_MINUTE:
            return
        raise
    _ask(email, user_id=session.user_id, provider=provider, by=by, at=at)


def send_change_code_again(
    *, session: Session, provider: Provider, allowed: policy.Limits, by: Actor, at: datetime
) -> None:
    """Send a new code to the address that waits, once a minute at most."""
    email = selectors.address_to_be(session.user_id, provider_id=provider.pk, at=at)
    if not email:
        raise NothingToConfirm
    tries.spend_letter(email, Purpose.CHANGE_EMAIL, allowed=allowed)
    _ask(email, user_id=session.user_id, provider=provider, by=by, at=at)


def change_email(
    code: str,
    *,
    session: Session,
    provider: Provider,
    place: Place,
    allowed: policy.Limits,
    by: Actor,
    at: datetime,
) -> None:
    """Put the address that waits in place of the former one, against its code."""
    tries.spend_address(tries.wrong_codes(allowed), place.address)
    try:
        is_changed = _change(code, user_id=session.user_id, provider=provider, by=by, at=at)
    except IntegrityError:
        raise AddressTaken from None
    if not is_changed:
        raise CodeRefused
    tries.give_back_address(tries.wrong_codes(allowed), place.address)


@use_case
def give_up_change(*, session: Session, by: Actor, at: datetime) -> None:
    """Forget the address that waits."""
    user = parts.hold(session.user_id, provider_id=session.provider_id).user
    live = OneTimeSecret.objects.filter(user=user, purpose=Purpose.CHANGE_EMAIL, used_at=None)
    if live.update(used_at=at):
        audit.record("accounts.email_change_given_up", user, before=None, after=None, by=by)


@use_case
def _ask(email: str, *, user_id: UUID, provider: Provider, by: Actor, at: datetime) -> None:
    user = parts.hold(user_id, provider_id=provider.pk).user
    if user.email == email:
        raise SameAddress
    is_new = selectors.address_to_be(user_id, provider_id=provider.pk, at=at) != email
    code = codes.make_code(user, Purpose.CHANGE_EMAIL, subject=email, provider=provider, at=at)
    mail.post(_letter_to(email, user, code, provider=provider))
    if is_new and user.email and user.email_confirmed_at:
        mail.post(letters.address_changing(user, provider=provider))
    audit.record("accounts.email_change_asked", user, before=None, after=None, by=by)


@step
def _letter_to(email: str, user: User, code: str, *, provider: Provider) -> mail.Letter:
    """Return the code's letter; an address that has a user is told of that, and its code is never sent."""
    owner = User.objects.with_email(email).first()
    if owner is not None:
        return letters.address_taken(owner, provider=provider)
    return letters.new_address_code(user, code, to=email, provider=provider)


@step
def _is_taken(email: str) -> bool:
    return User.objects.with_email(email).exists()


@use_case
def _change(code: str, *, user_id: UUID, provider: Provider, by: Actor, at: datetime) -> bool:
    """Say whether the address was changed; a refusal takes nothing back, so that a wrong try stays counted."""
    user = parts.hold(user_id, provider_id=provider.pk).user
    email = selectors.address_to_be(user_id, provider_id=provider.pk, at=at)
    if not email or not codes.is_opened(user, Purpose.CHANGE_EMAIL, code, provider=provider, at=at, subject=email):
        return False
    if _is_taken(email):
        raise AddressTaken
    former, was_confirmed = user.email, user.email_confirmed_at
    user.email, user.email_confirmed_at = email, at
    user.save(update_fields=["email", "email_confirmed_at"])
    OneTimeSecret.objects.filter(user=user, used_at=None).update(used_at=at)
    audit.record("accounts.email_changed", user, before=None, after=None, by=by)
    if former and was_confirmed:
        mail.post(letters.address_changed(user, former=former, provider=provider))
    return True
