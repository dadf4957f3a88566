"""Agreements: published by the provider, accepted by people (REG-09)."""

import hashlib
from datetime import datetime

from django.db.models import Max

from kabinet.accounts import selectors
from kabinet.accounts.models import Agreement, Enrollment, Session, User
from kabinet.accounts.services import consents, sessions
from kabinet.accounts.services.sessions import Started
from kabinet.accounts.values import Acceptance, AgreementKind, Category, Place
from kabinet.infra import audit
from kabinet.infra.db import step, use_case
from kabinet.kernel.actors import Actor
from kabinet.providers.models import Provider


@use_case
def publish_agreement(
    kind: AgreementKind, *, title: str, text: str, provider: Provider, by: Actor, at: datetime
) -> Agreement:
    """Publish the next version of a text; everybody is asked for it at the next sign-in."""
    Provider.objects.select_for_update().get(pk=provider.pk)
    former = Agreement.objects.filter(provider=provider, kind=kind).aggregate(version=Max("version"))["version"] or 0
    agreement = Agreement.objects.create(
        provider=provider,
        kind=kind,
        version=former + 1,
        title=title,
        text=text,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        published_at=at,
    )
    audit.record("accounts.agreement_published", agreement, before=former, after=agreement.version, by=by)
    return agreement


@use_case
def accept_agreements(
    waiting: Session, acceptance: Acceptance, *, provider: Provider, place: Place, by: Actor, at: datetime
) -> Started:
    """Keep the consents and let the waiting browser in; who is new at the provider takes part from now on."""
    user = User.objects.select_for_update(no_key=True).get(pk=waiting.user_id)
    session = Session.objects.select_for_update().get(pk=waiting.pk)
    current = selectors.current_agreements(provider.pk)
    enrollment = _enrollment(user, acceptance, provider=provider, by=by, at=at)
    consents.require_all(current, accepted=acceptance.accepted | selectors.accepted_by(enrollment))
    consents.give(enrollment, current, accepted=acceptance.accepted, place=place, by=by, at=at)
    return sessions.begin(user, provider=provider, place=place, replaces=session.key, by=by, at=at)


@step
def _enrollment(user: User, acceptance: Acceptance, *, provider: Provider, by: Actor, at: datetime) -> Enrollment:
    """Return the person's part at the provider, made or opened again where there is none."""
    enrollment, is_new = Enrollment.objects.select_for_update().get_or_create(
        user=user,
        provider=provider,
        defaults={"category": Category.LEGAL, "organisation": acceptance.organisation, "joined_at": at},
    )
    if enrollment.closed_at is not None:
        consents.withdraw_all(enrollment, at=at)
        enrollment.organisation, enrollment.closed_at = acceptance.organisation, None
        enrollment.save(update_fields=["organisation", "closed_at"])
        is_new = True
    if is_new:
        audit.record("accounts.enrolled", enrollment, before=None, after=str(user.pk), by=by)
    return enrollment
