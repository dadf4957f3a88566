"""Supply points and what of them is sent, for the page «Показания»: a folded point costs a line of one statement."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from kabinet.contracts import selectors as contracts
from kabinet.contracts.models import Contract, ContractSet, Meter, Register, SupplyPoint
from kabinet.contracts.rules import rights
from kabinet.contracts.values import Action, EntryStatus, Viewer
from kabinet.infra.staging import fetch
from kabinet.kernel.digits import meter_number_key
from kabinet.kernel.periods import Month
from kabinet.providers.selectors import OpenProvider
from kabinet.readings.selectors.registers import day_of
from kabinet.readings.selectors.windows import open_period_of
from kabinet.readings.values.points import PointQuery, PointStand


def day_for(provider: OpenProvider, *, today: date) -> date:
    """Return the day by which points, meters and registers are told: of the open period, the nearest to today."""
    period = open_period_of(provider, today=today)
    return today if period is None else day_of(period, today=today)


def lasting(day: date, prefix: str = "") -> Q:
    """Match what is valid on the day."""
    ends = Q(**{f"{prefix}valid_to__isnull": True}) | Q(**{f"{prefix}valid_to__gt": day})
    return ends & Q(**{f"{prefix}valid_from__lte": day})


def contracts_to_send(viewer: Viewer, *, day: date) -> ContractSet:
    """Return the contracts whose readings the viewer may send, by their numbers."""
    return contracts.contracts_of(viewer, action=Action.SEND_READINGS).current(day).order_by("number", "pk")


def points_of(viewer: Viewer, query: PointQuery, *, day: date) -> QuerySet[SupplyPoint]:
    """Return the supply points that have something to measure, by contract and code."""
    meters = Meter.objects.filter(lasting(day), point=OuterRef("pk"))
    found = SupplyPoint.objects.filter(
        seen_by(viewer, action=Action.SEND_READINGS), lasting(day), lasting(day, "contract__")
    )
    if query.contract:
        found = found.filter(contract_id=query.contract)
    if query.point:
        found = found.filter(pk=query.point)
    own = Meter.objects.filter(lasting(day), contract_id__in=viewer.contract_ids)
    for word in query.phrase.split():
        found = found.filter(_named(word, own))
    found = found.filter(_standing(query.status, meters) if query.status else Exists(meters))
    return found.select_related("contract").order_by("contract__number", "contract_id", "code", "pk")


def seen_by(viewer: Viewer, *, action: Action, point: str = "pk", contract: str = "contract_id") -> Q:
    """Match supply points by the viewer's memberships, limits to points included (ROLE-05)."""
    held = [m for m in viewer.memberships if rights.may(m.role, action)]
    whole = Q(**{f"{contract}__in": [m.contract_id for m in held if m.points is None]})
    for membership in held:
        if membership.points is not None:
            whole |= Q(**{contract: membership.contract_id, f"{point}__in": membership.points})
    return whole


def _named(word: str, meters: QuerySet[Meter]) -> Q:
    found = Q(code__icontains=word) | Q(name__icontains=word) | Q(address__icontains=word)
    key = meter_number_key(word)
    # The meters are looked through once, not once for each point.
    return found | Q(pk__in=meters.filter(number_key__startswith=key).values("point")) if key else found


def _standing(status: EntryStatus, meters: QuerySet[Meter]) -> Q:
    """Match points that stand so, or whose meter does; only where both wait is there a field to fill in."""
    has_such_meter = Q(Exists(meters.filter(entry_status=status)))
    if status is EntryStatus.AWAITING:
        return Q(entry_status=status) & has_such_meter
    return (Q(entry_status=status) & Q(Exists(meters))) | has_such_meter


def stands_of(points: Collection[SupplyPoint], months: Mapping[UUID, Month], *, day: date) -> Mapping[UUID, PointStand]:
    """Return how far the sending of each point is, by one statement; `months` are those of their contracts."""
    rows = fetch(
        """
        SELECT m.point_id, count(*), sum(r.registers), count(*) FILTER (WHERE r.live),
               count(*) FILTER (WHERE r.live AND r.registers > 0 AND r.sent = r.registers),
               count(*) FILTER (WHERE r.refused > 0), count(*) FILTER (WHERE r.drafts > 0)
        FROM contracts_meter m JOIN contracts_supplypoint p ON p.id = m.point_id
        JOIN unnest(%(contracts)s::uuid[], %(months)s::date[]) AS w (contract_id, month)
             ON w.contract_id = m.contract_id
        CROSS JOIN LATERAL (
            SELECT count(*) AS registers, count(*) FILTER (WHERE s.state IN ('sent', 'passed', 'taken')) AS sent,
                   count(*) FILTER (WHERE s.state = 'refused') AS refused, count(d.raw) AS drafts,
                   p.entry_status = 'awaiting' AND m.entry_status = 'awaiting' AS live
            FROM contracts_register g
            LEFT JOIN LATERAL (
                SELECT state FROM readings_submission s
                WHERE s.contract_id = m.contract_id AND s.register_id = g.id AND s.month = w.month
                  AND s.state <> 'withdrawn'
                ORDER BY s.sent_at DESC, s.id DESC LIMIT 1) s ON true
            LEFT JOIN readings_draft d ON d.register_id = g.id AND d.month = w.month
            WHERE g.meter_id = m.id AND g.valid_from <= %(day)s AND (g.valid_to IS NULL OR g.valid_to > %(day)s)
        ) r
        WHERE m.point_id = ANY(%(points)s::uuid[])
          AND m.valid_from <= %(day)s AND (m.valid_to IS NULL OR m.valid_to > %(day)s)
        GROUP BY m.point_id
        """,
        {
            "points": [point.pk for point in points],
            "contracts": list(months),
            "months": [month.first for month in months.values()],
            "day": day,
        },
    )
    return {row[0]: PointStand(*(int(number or 0) for number in row[1:])) for row in rows}


def meters_at(points: Collection[UUID], *, day: date, most: int) -> Mapping[UUID, list[Meter]]:
    """Return the first meters of each point, by number, with the registers that hold on the day."""
    found: defaultdict[UUID, list[Meter]] = defaultdict(list)
    turn = Window(RowNumber(), partition_by="point_id", order_by=("number", "pk"))
    meters = Meter.objects.filter(lasting(day), point_id__in=points).annotate(turn=turn).filter(turn__lte=most)
    for meter in with_registers(meters, day=day):
        found[meter.point_id].append(meter)
    return found


def meters_of_point(point: UUID, *, day: date) -> QuerySet[Meter]:
    """Return all meters of a point, by number, to be paged."""
    return with_registers(Meter.objects.filter(lasting(day), point_id=point), day=day)


def with_registers(meters: QuerySet[Meter], *, day: date) -> QuerySet[Meter]:
    """Bring points, contracts, predecessors, and the registers of the day in the order of the template."""
    registers = Register.objects.filter(lasting(day)).order_by("quantity", "tariff_number", "zone", "pk")
    return (
        meters.select_related("point", "contract")
        .prefetch_related(Prefetch("registers", registers), "replaces")
        .order_by("number", "pk")
    )


def registers_named(register_ids: Collection[UUID], viewer: Viewer) -> Mapping[UUID, Register]:
    """Return those of the registers that the viewer may send, with their meters and points."""
    seen = seen_by(viewer, action=Action.SEND_READINGS, point="meter__point_id")
    return Register.objects.filter(seen).select_related("meter__point").in_bulk(register_ids)


def contracts_by(points: Collection[SupplyPoint]) -> list[Contract]:
    """Return the contracts of the points, each once, in their order."""
    return list({point.contract_id: point.contract for point in points}.values())
