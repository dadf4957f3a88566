"""Months of an account: what was charged, paid and left."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from kabinet.billing.models import Balance, Charge, Payment
from kabinet.billing.values import Basis
from kabinet.billing.values.personal import Span
from kabinet.billing.values.slips import BillLine, MonthSums, ResourceMonth
from kabinet.contracts import selectors as contracts
from kabinet.contracts.models import Contract
from kabinet.contracts.values import Action, Viewer, Zone
from kabinet.kernel.periods import Month
from kabinet.providers.values import Resource
from kabinet.tariffs.values import ChargeKind, Unit

_RESOURCES = list(Resource)
_KINDS = list(ChargeKind)


def accounts_of(viewer: Viewer, *, action: Action) -> QuerySet[Contract]:
    """Return the accounts on which the viewer may do the action, in the order of their numbers."""
    return contracts.contracts_of(viewer, action=action).select_related("house").order_by("number")


def charged_months_of(viewer: Viewer, contract_id: UUID) -> list[Month]:
    """Return the months of an account that have charges and their balance, the newest first."""
    own = _own(viewer, contract_id)
    settled = Balance.objects.filter(contract__in=own).values("month")
    charged = Charge.objects.filter(contract__in=own, month__in=settled).order_by("-month")
    return [Month.of(month) for month in charged.values_list("month", flat=True).distinct()]


def balances_of(
    viewer: Viewer, contract_id: UUID, *, resource: Resource, span: Span
) -> list[tuple[Month, ResourceMonth]]:
    """Return the months of a resource between two months, both included, the newest first."""
    asked = {"contract__in": _own(viewer, contract_id), "resource": resource, "month__range": _days(span)}
    lines = lines_of(Charge.objects.filter(**asked))
    return [
        (month, ResourceMonth(resource, sums_of(row), lines[row.resource, month]))
        for row in Balance.objects.filter(**asked).order_by("-month")
        for month in [Month.of(row.month)]
    ]


def payments_of(viewer: Viewer, contract_id: UUID, *, resource: Resource, span: Span) -> QuerySet[Payment]:
    """Return the payments that stand in months between two, both included, the newest first."""
    own = _own(viewer, contract_id)
    found = Payment.objects.filter(contract__in=own, resource=resource, month__range=_days(span))
    return found.order_by("-paid_on", "-month", "external_id")


def first_month_of(viewer: Viewer, contract_id: UUID) -> Month | None:
    """Return the month from which billing tells of the account's money; None where it has told nothing."""
    first = Balance.objects.filter(contract__in=_own(viewer, contract_id)).order_by("month").first()
    return Month.of(first.month) if first else None


def in_order(months_of: Iterable[ResourceMonth]) -> tuple[ResourceMonth, ...]:
    """Return resources in the order in which a bill has them."""
    return tuple(sorted(months_of, key=lambda each: _RESOURCES.index(each.resource)))


def _days(span: Span) -> tuple[date, date]:
    return span.since.first, span.until.first


def _own(viewer: Viewer, contract_id: UUID) -> QuerySet[Contract]:
    return contracts.contracts_of(viewer, action=Action.SEE_DEBT).filter(pk=contract_id).order_by()


def lines_of(rows: Iterable[Charge]) -> defaultdict[tuple[str, Month], tuple[BillLine, ...]]:
    """Return lines by resource and month, in the order in which a bill has them."""
    found: defaultdict[tuple[str, Month], tuple[BillLine, ...]] = defaultdict(tuple)
    for row in sorted(rows, key=_place):
        found[row.resource, Month.of(row.month)] += (_line(row),)
    return found


def _place(row: Charge) -> tuple[int, bool, int, str, str]:
    return _KINDS.index(ChargeKind(row.kind)), row.unit != Unit.M3, row.range_number or 0, row.zone, row.external_id


def _line(row: Charge) -> BillLine:
    return BillLine(
        resource=Resource(row.resource),
        kind=ChargeKind(row.kind),
        amount=row.amount,
        zone=Zone(row.zone) if row.zone else None,
        range_number=row.range_number,
        basis=Basis(row.basis) if row.basis else None,
        quantity=row.quantity,
        unit=Unit(row.unit) if row.unit else None,
        price=row.price,
    )


def sums_of(row: Balance) -> MonthSums:
    return MonthSums(row.opening, row.charged, row.recalculated, row.penalty, row.paid, row.closing)
