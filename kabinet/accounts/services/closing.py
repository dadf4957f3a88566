"""«Удалить аккаунт»: the part at a provider is closed; the person is erased with the last one (PROF-04, I32)."""

from datetime import datetime

from kabinet.accounts import letters, selectors
from kabinet.accounts.models import (
    Consent,
    Enrollment,
    KeptInput,
    KnownBrowser,
    LoginName,
    OneTimeSecret,
    Session,
    User,
)
from kabinet.accounts.services import consents, office_entrance, parts, sessions
from kabinet.infra import mail
from kabinet.infra.db import step


class PasswordWrong(Exception):
    """Raised when the password that was asked for is not the person's."""


@step
def hold_for_closing(session: Session, password: str) -> Enrollment:
    """Return the part that is to be closed, held, against the person's password."""
    enrollment = parts.hold(session.user_id, provider_id=session.provider_id)
    if not enrollment.user.has_password(password):
        raise PasswordWrong
    return enrollment


@step
def close_part(enrollment: Enrollment, *, at: datetime) -> bool:
    """Close the part and all that opens it; say whether the person was erased with it.

    Consents stay as a record of what was agreed to, withdrawn; they name nobody.
    """
    user, provider = enrollment.user, enrollment.provider
    is_last = not (
        selectors.other_parts_of(user.pk, than=provider.pk).exists() or selectors.works_in_an_office(user.pk)
    )
    farewell = letters.account_closed(user, provider=provider, is_erased=is_last) if user.email else None
    consents.withdraw_all(enrollment, at=at)
    enrollment.closed_at = at
    enrollment.organisation = enrollment.position = enrollment.address = ""
    enrollment.unread_notices = enrollment.unread_tickets = 0
    enrollment.save()
    # The account's number is free again for whoever signs up with it next.
    for model in (Session, OneTimeSecret, LoginName):
        model.objects.filter(user=user, provider=provider).delete()
    KeptInput.objects.filter(owner=user, provider=provider).delete()
    if is_last:
        _erase(user, at=at)
    if farewell:
        mail.post(farewell)
    return is_last


@step
def _erase(user: User, *, at: datetime) -> None:
    """Leave of the person nothing but a row that names nobody, for what points at it."""
    sessions.end_others(user, keep=None)
    # A new address that was not confirmed yet stands with its code.
    asked = OneTimeSecret.objects.filter(user=user).exclude(subject="").values_list("subject", flat=True)
    for address in {*asked, *([user.email] if user.email else [])}:
        mail.forget(address)
    for model in (OneTimeSecret, KnownBrowser):
        model.objects.filter(user=user).delete()
    KeptInput.objects.filter(owner=user).delete()
    # What was agreed to, and when, stays; from where proves nothing where there is nobody.
    Consent.objects.filter(enrollment__user=user).update(address="", agent="")
    office_entrance.forget_phrases({part.provider_id for part in user.enrollments.all()})
    user.email = user.email_confirmed_at = None
    user.password = user.last_name = user.first_name = user.middle_name = user.phone = ""
    user.must_change_password = False
    user.erased_at = at
    user.save()
