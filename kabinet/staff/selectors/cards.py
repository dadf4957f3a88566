"""What a card shows of a contract or a person, and whether it is open on this desk."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from kabinet.accounts import selectors as accounts
from kabinet.accounts.models import Enrollment, Session, StaffSession
from kabinet.contracts import selectors as contracts
from kabinet.contracts.models import Contract, Membership, Meter
from kabinet.providers.selectors import OpenProvider
from kabinet.providers.values import DeadlineDay
from kabinet.readings.models import WindowExtension
from kabinet.readings.selectors.windows import window_for
from kabinet.readings.values import Window
from kabinet.staff.models import CardVisit
from kabinet.staff.rules.reasons import VISIT_LASTS
from kabinet.staff.values import CardKind
from kabinet.tickets.models import Ticket


@dataclass(frozen=True, slots=True)
class ContractCard:
    """A contract as the office sees it."""

    contract: Contract
    window: Window | None
    meters: QuerySet[Meter]
    people: QuerySet[Membership]
    extensions: QuerySet[WindowExtension]
    tickets: QuerySet[Ticket]


@dataclass(frozen=True, slots=True)
class PersonCard:
    """A person as the office of one provider sees him: nothing of his part at others."""

    enrollment: Enrollment
    memberships: QuerySet[Membership]
    sessions: QuerySet[Session]
    tickets: QuerySet[Ticket]


def visit_of(session: StaffSession, kind: CardKind, subject_id: UUID, *, at: datetime) -> CardVisit | None:
    """Return the opening that still lasts."""
    visits = CardVisit.objects.filter(session=session, kind=kind, subject_id=subject_id)
    return visits.filter(opened_at__gt=at - VISIT_LASTS).first()


def contract_of(provider_id: UUID, contract_id: UUID) -> Contract | None:
    return Contract.objects.filter(provider_id=provider_id, pk=contract_id).first()


def contract_numbered(provider_id: UUID, key: str) -> Contract | None:
    """Return the one contract whose number has this key; of several none is meant."""
    found = Contract.objects.filter(provider_id=provider_id, number_key=key)[:2]
    return found[0] if len(found) == 1 else None


def contract_numbers(provider_id: UUID, contract_ids: Collection[UUID]) -> dict[UUID, Contract]:
    return Contract.objects.filter(provider_id=provider_id).in_bulk(list(contract_ids))


def contract_card(contract: Contract, provider: OpenProvider, *, at: datetime, today: date) -> ContractCard:
    return ContractCard(
        contract=contract,
        window=_window(contract, provider, today=today),
        meters=_meters(contract),
        people=contracts.people_of(contract.pk, at=at).order_by("granted_at"),
        extensions=extensions_of(provider.row.pk).filter(contract=contract),
        tickets=Ticket.objects.filter(provider_id=provider.row.pk, contract=contract).order_by("-last_message_at")[:10],
    )


def person_card(enrollment: Enrollment, *, at: datetime, technical_at: datetime) -> PersonCard:
    mine = Membership.objects.live(at).filter(user_id=enrollment.user_id, contract__provider_id=enrollment.provider_id)
    tickets = Ticket.objects.filter(provider_id=enrollment.provider_id, author_id=enrollment.user_id)
    return PersonCard(
        enrollment=enrollment,
        memberships=mine.select_related("contract").order_by("granted_at"),
        sessions=accounts.sessions_of(enrollment.user, provider_id=enrollment.provider_id, at=technical_at),
        tickets=tickets.order_by("-last_message_at")[:10],
    )


def extensions_of(provider_id: UUID) -> QuerySet[WindowExtension]:
    """Return the provider's extensions that were not taken back, the newest first."""
    granted = WindowExtension.objects.filter(provider_id=provider_id, withdrawn_at=None)
    return granted.select_related("contract").order_by("-month", "-given_at")


def _window(contract: Contract, provider: OpenProvider, *, today: date) -> Window | None:
    """Return the current window; a contract that lacks the deadline day that the rule asks for has none."""
    if isinstance(provider.policy.window, DeadlineDay) and contract.deadline_day is None:
        return None
    return window_for(contract, provider, today=today)


def _meters(contract: Contract) -> QuerySet[Meter]:
    meters = Meter.objects.filter(contract=contract).select_related("point")
    return meters.prefetch_related(Prefetch("registers")).order_by("point__address", "number")
