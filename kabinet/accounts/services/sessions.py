"""Sessions of browsers: begun, noted, ended."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kabinet.accounts import letters, selectors
from kabinet.accounts.models import KnownBrowser, Session, StaffSession, User
from kabinet.accounts.rules import agents
from kabinet.accounts.rules.sessions import AWAITING_CONSENT, LONGEST
from kabinet.accounts.values import Place
from kabinet.infra import audit, mail
from kabinet.infra.db import step, use_case
from kabinet.kernel.actors import Actor
from kabinet.providers.models import Provider


@dataclass(frozen=True, slots=True)
class Started:
    """A session with the only copy of its token, which goes into the cookie and nowhere else."""

    token: str
    session: Session

    @property
    def is_waiting(self) -> bool:
        return self.session.enrollment_id is None


@step
def begin(user: User, *, provider: Provider, place: Place, replaces: str, by: Actor, at: datetime) -> Started:
    """Sign a browser in, always under a new token; it waits when there are agreements to accept first."""
    enrollment = selectors.enrollment_of(user, provider_id=provider.pk)
    is_ready = enrollment is not None and not selectors.agreements_due(provider.pk, enrollment=enrollment)
    Session.objects.filter(key=replaces).delete()
    token = secrets.token_urlsafe(32)
    session = Session.objects.create(
        key=selectors.key_of(token),
        user=user,
        provider=provider,
        enrollment=enrollment if is_ready else None,
        started_at=at,
        seen_at=at,
        expires_at=at + (LONGEST if is_ready else AWAITING_CONSENT),
        address=place.address[:45],
        agent=place.agent[:300],
    )
    audit.record("accounts.signed_in", user, before=None, after=str(session.public_id), by=by)
    return Started(token=token, session=session)


@step
def note_browser(user: User, *, provider: Provider, place: Place, at: datetime) -> None:
    """Remember the family of browsers; tell of a new one by letter, save where it is the person's first."""
    browser = agents.browser_of(place.agent)
    is_first = not KnownBrowser.objects.filter(user=user).exists()
    _, is_new = KnownBrowser.objects.get_or_create(
        user=user, family=browser.family[:80], defaults={"first_seen_at": at}
    )
    if is_new and not is_first and user.email:
        mail.post(letters.new_browser(user, browser, provider=provider, address=place.address))


@use_case
def note_seen(session: Session, *, at: datetime) -> None:
    """Write down that the session is in use."""
    Session.objects.filter(pk=session.pk).update(seen_at=at)


@use_case
def sign_out(session: Session, *, by: Actor) -> None:
    """End the browser's own session (REG-08)."""
    _end(session, by=by)


@use_case
def end_session(public_id: UUID, *, of: Session, by: Actor) -> Session:
    """End a session of the same person at the same provider (PROF-03); anybody else's does not exist for him."""
    session = Session.objects.select_for_update().get(
        public_id=public_id, user_id=of.user_id, provider_id=of.provider_id
    )
    _end(session, by=by)
    return session


@step
def end_others(user: User, *, keep: Session | StaffSession | None) -> None:
    """End the person's sessions everywhere but here, those in the office too."""
    kept = keep.pk if keep else ""
    Session.objects.filter(user=user).exclude(pk=kept).delete()
    StaffSession.objects.filter(specialist__user=user).exclude(pk=kept).delete()


def _end(session: Session, *, by: Actor) -> None:
    Session.objects.filter(pk=session.pk).delete()
    audit.record("accounts.session_ended", session.user, before=str(session.public_id), after=None, by=by)
