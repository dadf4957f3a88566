"""A card is opened for a reason, and the opening is written down (TRUST 11)."""

from dataclasses import replace
from datetime import datetime

from kabinet.accounts.models import Enrollment, StaffSession
from kabinet.accounts.services.specialists import require_duty
from kabinet.accounts.values import StaffAction
from kabinet.contracts.models import Contract
from kabinet.contracts.services.access import require
from kabinet.infra import audit
from kabinet.infra.db import step, use_case
from kabinet.kernel.actors import Actor
from kabinet.staff.models import CardVisit
from kabinet.staff.values import Because, CardKind


@use_case
def open_contract(contract: Contract, because: Because, *, session: StaffSession, by: Actor, at: datetime) -> CardVisit:
    """Open a contract's card on this desk for a while."""
    require(by, contract, StaffAction.OPEN_CARDS, at=at)
    reasoned = replace(by, reason=because.code)
    audit.record("staff.card_opened", contract, before=None, after=None, by=reasoned, contract_id=contract.pk)
    return _visit(CardKind.CONTRACT, contract, because, session=session, at=at)


@use_case
def open_person(
    enrollment: Enrollment, because: Because, *, session: StaffSession, by: Actor, at: datetime
) -> CardVisit:
    """Open a person's card on this desk for a while."""
    require_duty(by, provider_id=enrollment.provider_id, action=StaffAction.OPEN_CARDS)
    audit.record("staff.card_opened", enrollment.user, before=None, after=None, by=replace(by, reason=because.code))
    return _visit(CardKind.PERSON, enrollment, because, session=session, at=at)


@step
def _visit(
    kind: CardKind, subject: Contract | Enrollment, because: Because, *, session: StaffSession, at: datetime
) -> CardVisit:
    subject_id = subject.pk if isinstance(subject, Contract) else subject.user_id
    visit, _ = CardVisit.objects.update_or_create(
        session=session, kind=kind, subject_id=subject_id, defaults={"reason": because.code, "opened_at": at}
    )
    return visit
