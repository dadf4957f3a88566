"""Reads of people: who a session is, what they accepted, where else they are signed in."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F, QuerySet

from kabinet.accounts.models import (
    Agreement,
    Consent,
    Enrollment,
    KeptInput,
    LoginName,
    OneTimeSecret,
    Session,
    Specialist,
    StaffSession,
    User,
)
from kabinet.accounts.rules import agreements as rules
from kabinet.accounts.rules import staff
from kabinet.accounts.rules.sessions import IDLE
from kabinet.accounts.values import AgreementKind, PasswordLink, Purpose


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A browser's session with the person and the part that the person takes at the provider."""

    session: Session
    user: User
    enrollment: Enrollment


@dataclass(frozen=True, slots=True)
class AgreementsToAsk:
    """What the page between sign-in and cabinet asks for; who is new at the provider is asked for everything."""

    agreements: dict[AgreementKind, Agreement]
    is_newcomer: bool


def key_of(token: str) -> str:
    """Return under which key the secret of a cookie is stored: the table itself opens nothing."""
    return hashlib.sha256(token.encode()).hexdigest() if token else ""


def live_sessions(*, at: datetime) -> QuerySet[Session]:
    return Session.objects.filter(expires_at__gt=at, seen_at__gt=at - IDLE)


def waiting_session(session_key: str, *, provider_id: UUID, at: datetime) -> Session | None:
    """Return the session of somebody who gave the right password and has agreements to accept first."""
    waiting = live_sessions(at=at).filter(key=session_key, provider_id=provider_id, enrollment=None)
    return waiting.select_related("user").first()


def sessions_of(user: User, *, provider_id: UUID, at: datetime) -> QuerySet[Session]:
    """Return the person's own live sessions at the provider, the freshest first (PROF-03)."""
    live = live_sessions(at=at).filter(user=user, provider_id=provider_id, enrollment__isnull=False)
    return live.order_by("-seen_at")


def enrollment_of(user: User, *, provider_id: UUID) -> Enrollment | None:
    """Return the part that the person takes at the provider now."""
    return Enrollment.objects.filter(user=user, provider_id=provider_id, closed_at=None).first()


def other_parts_of(user_id: UUID, *, than: UUID) -> QuerySet[Enrollment]:
    """Return the person's parts at the other providers."""
    open_parts = Enrollment.objects.filter(user_id=user_id, closed_at=None).exclude(provider_id=than)
    return open_parts.select_related("provider").order_by("provider__short_name")


def works_in_an_office(user_id: UUID) -> bool:
    return Specialist.objects.active().filter(user_id=user_id).exists()


def address_to_be(user_id: UUID, *, provider_id: UUID, at: datetime) -> str:
    """Return the address that waits for its code to take the place of the person's; empty where none does."""
    live = OneTimeSecret.objects.filter(
        user_id=user_id, provider_id=provider_id, purpose=Purpose.CHANGE_EMAIL, used_at=None, expires_at__gt=at
    )
    return live.values_list("subject", flat=True).first() or ""


def live_link(token: str, *, provider_id: UUID, at: datetime) -> OneTimeSecret | None:
    """Return the secret that a letter's link to a new password carries, while it opens."""
    live = OneTimeSecret.objects.filter(provider_id=provider_id, purpose=Purpose.PASSWORD_LINK, used_at=None)
    return live.filter(secret_hash=key_of(token), expires_at__gt=at).first()


def password_link(token: str, *, provider_id: UUID, at: datetime) -> PasswordLink | None:
    """Return by which names the person signs in whose password the link opens; None for one that opens nothing."""
    live = live_link(token, provider_id=provider_id, at=at)
    if live is None:
        return None
    named = LoginName.objects.filter(user_id=live.user_id, provider_id=provider_id).order_by("pk")
    login = named.values_list("value", flat=True).first()
    return PasswordLink(login=login or live.subject, email=live.subject)


def last_organisation_of(user: User) -> str:
    """Return the organisation that the person named last, to be offered and not put in silently."""
    named = Enrollment.objects.filter(user=user).exclude(organisation="").order_by("-joined_at")
    return named.values_list("organisation", flat=True).first() or ""


def current_agreements(provider_id: UUID) -> dict[AgreementKind, Agreement]:
    """Return the newest version of each agreement, in the order in which they are asked for."""
    newest = Agreement.objects.filter(provider_id=provider_id).order_by("kind", F("version").desc()).distinct("kind")
    by_kind = {AgreementKind(agreement.kind): agreement for agreement in newest}
    return {kind: by_kind[kind] for kind in AgreementKind if kind in by_kind}


def versions_of(provider_id: UUID, kind: AgreementKind) -> QuerySet[Agreement]:
    """Return every version of an agreement, the newest first."""
    return Agreement.objects.filter(provider_id=provider_id, kind=kind).order_by("-version")


def agreements_due(provider_id: UUID, *, enrollment: Enrollment | None) -> frozenset[UUID]:
    """Return the required agreements whose newest version the person has not accepted."""
    current = {kind: agreement.pk for kind, agreement in current_agreements(provider_id).items()}
    return rules.missing_of(current, accepted=accepted_by(enrollment))


def accepted_by(enrollment: Enrollment | None) -> set[UUID]:
    """Return the versions that the person has accepted and not withdrawn."""
    if enrollment is None:
        return set()
    return set(Consent.objects.filter(enrollment=enrollment, withdrawn_at=None).values_list("agreement_id", flat=True))


def advertising_offered(provider_id: UUID) -> dict[AgreementKind, Agreement]:
    """Return the newest text about advertising, where the provider has published one."""
    return {kind: row for kind, row in current_agreements(provider_id).items() if kind is AgreementKind.ADVERTISING}


def advertising_consents(enrollment: Enrollment) -> QuerySet[Consent]:
    """Return the consents to advertising that stand, whatever version they were given to."""
    return Consent.objects.filter(enrollment=enrollment, withdrawn_at=None, agreement__kind=AgreementKind.ADVERTISING)


def agreements_to_ask(user: User, *, provider_id: UUID) -> AgreementsToAsk:
    enrollment = enrollment_of(user, provider_id=provider_id)
    current = current_agreements(provider_id)
    if enrollment is None:
        return AgreementsToAsk(current, is_newcomer=True)
    due = agreements_due(provider_id, enrollment=enrollment)
    return AgreementsToAsk({kind: one for kind, one in current.items() if one.pk in due}, is_newcomer=False)


def kept_input(key: str, *, provider_id: UUID, at: datetime) -> KeptInput | None:
    """Return what a browser has waiting from before its session ended."""
    return KeptInput.objects.filter(key=key, provider_id=provider_id, expires_at__gt=at).first()


def staff_session(session_key: str, *, provider_id: UUID, at: datetime) -> StaffSession | None:
    """Return the office session of a browser, by one statement; one of another provider's office is nobody's."""
    live = StaffSession.objects.filter(expires_at__gt=at, seen_at__gt=at - staff.IDLE)
    own = live.filter(key=session_key, specialist__in=Specialist.objects.active().filter(provider_id=provider_id))
    return own.select_related("specialist__user", "specialist__factor").first()


def specialists_of(provider_id: UUID) -> QuerySet[Specialist]:
    """Return all who work or worked in the provider's office."""
    found = Specialist.objects.filter(provider_id=provider_id).select_related("user", "factor")
    return found.order_by(F("ends_at").desc(nulls_first=True), "user__last_name", "user__email")


def specialist_named(email: str, *, provider_id: UUID) -> Specialist | None:
    """Return who works or worked in the office under this address."""
    return specialists_of(provider_id).filter(user__in=User.objects.with_email(email)).first()


def user_with(email: str) -> User | None:
    """Return whoever has the address; for the operator alone, who answers for all providers."""
    return User.objects.with_email(email).first()


def person_of(provider_id: UUID, user_id: UUID) -> Enrollment | None:
    """Return a person's part at the provider, closed ones too, for the office."""
    return Enrollment.objects.filter(provider_id=provider_id, user_id=user_id).select_related("user").first()
