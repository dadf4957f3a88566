"""Meters whose verification comes or is over: for the start page, a page of their own, and letters."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from kabinet.contracts.models import Contract, Meter
from kabinet.contracts.values import Action, EntryStatus, Viewer
from kabinet.infra.staging import fetch
from kabinet.providers.selectors import OpenProvider
from kabinet.readings.rules.verification import DAYS_BEFORE
from kabinet.readings.selectors.points import lasting, seen_by
from kabinet.readings.selectors.reminders import SENDERS

_LEVELS: Final = ("expired", "in_7_days", "in_30_days", "in_60_days")
WIDEST: Final = timedelta(days=max(DAYS_BEFORE))


@dataclass(frozen=True, slots=True)
class DueOfContract:
    """How many meters of a contract are to be verified, by how near the day is; the narrowest counts."""

    contract: Contract
    expired: int
    in_7_days: int
    in_30_days: int
    in_60_days: int

    @property
    def name(self) -> str:
        return f"{self.contract.customer_name}, №\N{NO-BREAK SPACE}{self.contract.number}"

    @property
    def presses(self) -> bool:
        return self.expired + self.in_7_days > 0


@dataclass(frozen=True, slots=True)
class Warned:
    """A meter that a person is to be written to about, and which step of days it has come to."""

    meter: Meter
    due_on: date
    days: int


def due_meters_of(viewer: Viewer, *, today: date) -> QuerySet[Meter]:
    """Return the meters to be verified within sixty days, or overdue, whose readings the viewer may see."""
    seen = seen_by(viewer, action=Action.SEE_READINGS, point="point_id")
    return (
        Meter.objects.filter(
            seen,
            lasting(today),
            lasting(today, "point__"),
            lasting(today, "contract__"),
            verification_due__lte=today + WIDEST,
        )
        .exclude(entry_status=EntryStatus.OUT_OF_SERVICE)
        .select_related("point", "contract")
        .order_by("contract__number", "contract_id", "verification_due", "number", "pk")
    )


def due_of_contracts(viewer: Viewer, *, today: date) -> list[DueOfContract]:
    """Count those meters by contract, the contract with the soonest day first."""
    within = {days: today + timedelta(days=days) for days in DAYS_BEFORE}
    counted = (
        due_meters_of(viewer, today=today)
        .order_by()
        .values("contract_id")
        .annotate(
            expired=Count("pk", filter=Q(verification_due__lte=today)),
            in_7_days=_count(today, within[7]),
            in_30_days=_count(within[7], within[30]),
            in_60_days=_count(within[30], within[60]),
        )
    )
    rows = {row[0]: row[1:] for row in counted.values_list("contract_id", *_LEVELS)}
    contracts = Contract.objects.filter(pk__in=rows).order_by("number", "pk")
    found = [DueOfContract(contract, *rows[contract.pk]) for contract in contracts]
    return sorted(found, key=lambda due: not due.presses)


def _count(after: date, until: date) -> Count:
    return Count("pk", filter=Q(verification_due__gt=after, verification_due__lte=until))


def people_to_warn(provider: OpenProvider, *, at: datetime, today: date) -> list[UUID]:
    """Return who may send readings of a meter that has come to a step nobody wrote to him about."""
    rows = fetch(f"SELECT DISTINCT b.user_id {_TO_WARN} ORDER BY b.user_id", _parameters(provider, at=at, today=today))
    return [user for (user,) in rows]


def to_warn_of(provider: OpenProvider, user_id: UUID, *, at: datetime, today: date) -> list[Warned]:
    """Return the meters that the person is to be written to about, as far as his roles and points go now (I25)."""
    parameters = _parameters(provider, at=at, today=today, user=user_id)
    rows: dict[UUID, int] = dict(fetch(f"SELECT m.id, {_STEP} {_TO_WARN}", parameters))
    meters = Meter.objects.filter(pk__in=rows).select_related("point", "contract")
    found = meters.order_by("contract__number", "contract_id", "verification_due", "number", "pk")
    return [Warned(meter, meter.verification_due, rows[meter.pk]) for meter in found if meter.verification_due]


_STEP: Final = """CASE WHEN m.verification_due <= %(today)s::date + 7 THEN 7
                       WHEN m.verification_due <= %(today)s::date + 30 THEN 30 ELSE 60 END"""
# From who holds a role: meters are many, and most cabinets hold none of them.
_TO_WARN: Final = f"""
    FROM contracts_membership b
    JOIN accounts_user u ON u.id = b.user_id AND u.email IS NOT NULL AND u.email_confirmed_at IS NOT NULL
    JOIN accounts_enrollment e ON e.user_id = b.user_id AND e.provider_id = %(provider)s
         AND e.closed_at IS NULL AND e.wants_letters
    JOIN contracts_contract c ON c.id = b.contract_id AND c.provider_id = %(provider)s
         AND c.valid_from <= %(today)s AND (c.valid_to IS NULL OR c.valid_to > %(today)s)
    JOIN contracts_meter m ON m.contract_id = c.id AND m.provider_id = %(provider)s
         AND m.verification_due > %(today)s AND m.verification_due <= %(today)s::date + 60
         AND m.valid_from <= %(today)s AND (m.valid_to IS NULL OR m.valid_to > %(today)s)
         AND m.entry_status <> '{EntryStatus.OUT_OF_SERVICE}'
         AND (b.points IS NULL OR m.point_id = ANY(b.points))
    WHERE b.role = ANY(%(senders)s) AND b.ended_at IS NULL AND (b.expires_at IS NULL OR b.expires_at > %(at)s)
      AND (%(user)s::uuid IS NULL OR b.user_id = %(user)s::uuid)
      AND NOT EXISTS (
          SELECT FROM readings_verificationwarning w
          WHERE w.user_id = b.user_id AND w.meter_id = m.id AND w.due_on = m.verification_due AND w.days <= {_STEP})
"""


def _parameters(provider: OpenProvider, *, at: datetime, today: date, user: UUID | None = None) -> dict[str, object]:
    return {"provider": provider.row.pk, "senders": list(SENDERS), "at": at, "today": today, "user": user}
