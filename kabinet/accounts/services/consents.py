"""Consents: given to a version of a text, kept with time and place (REG-09)."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from kabinet.accounts import selectors
from kabinet.accounts.models import Agreement, Consent, Enrollment
from kabinet.accounts.rules import agreements as rules
from kabinet.accounts.values import AgreementKind, Place
from kabinet.infra import audit
from kabinet.infra.db import step
from kabinet.kernel.actors import Actor


class ConsentMissing(Exception):
    """Raised when a required agreement was not accepted, or was replaced by a newer one meanwhile."""


def require_all(current: Mapping[AgreementKind, Agreement], *, accepted: Collection[UUID]) -> None:
    if rules.missing_of({kind: agreement.pk for kind, agreement in current.items()}, accepted=accepted):
        raise ConsentMissing


@step
def give(
    enrollment: Enrollment,
    current: Mapping[AgreementKind, Agreement],
    *,
    accepted: Collection[UUID],
    place: Place,
    by: Actor,
    at: datetime,
) -> None:
    """Keep what was accepted; what was accepted before stays as it was given."""
    fresh_ids = set(accepted) - selectors.accepted_by(enrollment)
    fresh = [agreement for agreement in current.values() if agreement.pk in fresh_ids]
    Consent.objects.bulk_create(
        Consent(
            enrollment=enrollment,
            agreement=agreement,
            given_at=at,
            address=place.address[:45],
            agent=place.agent[:300],
        )
        for agreement in fresh
    )
    audit.record(
        "accounts.consents_given",
        enrollment,
        before=None,
        after={agreement.kind: agreement.version for agreement in fresh},
        by=by,
    )


@step
def withdraw_advertising(enrollment: Enrollment, *, keep: Collection[UUID], by: Actor, at: datetime) -> None:
    """Withdraw what was agreed to about advertising, but for the versions to keep."""
    withdrawn = list(
        selectors.advertising_consents(enrollment).exclude(agreement_id__in=keep).select_related("agreement")
    )
    if not withdrawn:
        return
    Consent.objects.filter(pk__in=[consent.pk for consent in withdrawn]).update(withdrawn_at=at)
    before = {consent.agreement.kind: consent.agreement.version for consent in withdrawn}
    audit.record("accounts.consents_withdrawn", enrollment, before=before, after=None, by=by)


@step
def withdraw_all(enrollment: Enrollment, *, at: datetime) -> None:
    """Withdraw what was given, so that a person who comes back is asked anew."""
    enrollment.consents.filter(withdrawn_at=None).update(withdrawn_at=at)
