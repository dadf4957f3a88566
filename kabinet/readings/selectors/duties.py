"""How far the sending of each contract is, for the start page: as few statements for thousands of meters as for one."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from kabinet.contracts.models import Contract
from kabinet.contracts.rules import rights
from kabinet.contracts.values import Action, Viewer
from kabinet.infra.staging import fetch
from kabinet.kernel.periods import Month
from kabinet.providers.selectors import OpenProvider
from kabinet.readings.models import Submission, SubmissionState
from kabinet.readings.selectors.points import contracts_to_send, day_for
from kabinet.readings.selectors.windows import Opening, openings_of

# So many refused meters of a contract are named, the rest is counted.
REFUSED_NAMED: Final = 5


@dataclass(frozen=True, slots=True)
class RefusedMeter:
    """A meter of which billing did not take a reading, and why."""

    number: str
    point: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class SendingStand:
    """How far one contract is: meters that may be sent, that went whole, that wait for billing, that it refused."""

    contract: Contract
    opening: Opening
    total: int = 0
    gone: int = 0
    waiting: int = 0
    refused: int = 0
    refused_meters: tuple[RefusedMeter, ...] = ()


@dataclass(frozen=True, slots=True)
class _Counts:
    total: int
    gone: int
    waiting: int
    refused: int
    refused_ids: tuple[UUID, ...] = ()


def stands_of_contracts(viewer: Viewer, provider: OpenProvider, *, today: date) -> list[SendingStand]:
    """Return how far each contract is whose readings the viewer may send, limits to points included."""
    day = day_for(provider, today=today)
    contracts = list(contracts_to_send(viewer, day=day))
    if not contracts:
        return []
    openings = openings_of(contracts, provider, today=today)
    months = {contract.pk: openings[contract.pk].window.month for contract in contracts}
    counts = _counts(viewer, months, day=day)
    meters = [meter for one in counts.values() for meter in one.refused_ids]
    refused = _refused(meters, months) if meters else {}
    return [_stand(contract, openings[contract.pk], counts.get(contract.pk), refused) for contract in contracts]


def _stand(
    contract: Contract, opening: Opening, counts: _Counts | None, refused: Mapping[UUID, RefusedMeter]
) -> SendingStand:
    if counts is None:
        return SendingStand(contract, opening)
    named = tuple(refused[meter] for meter in counts.refused_ids if meter in refused)
    return SendingStand(contract, opening, counts.total, counts.gone, counts.waiting, counts.refused, named)


def _counts(viewer: Viewer, months: Mapping[UUID, Month], *, day: date) -> dict[UUID, _Counts]:
    """Count the meters of each contract; a meter went when all its registers did (READ-11)."""
    limited = [m for m in viewer.memberships if m.points is not None and rights.may(m.role, Action.SEND_READINGS)]
    rows = fetch(
        """
        SELECT m.contract_id, count(*), count(*) FILTER (WHERE r.sent = r.registers),
               count(*) FILTER (WHERE r.waiting > 0), count(*) FILTER (WHERE r.refused > 0),
               (array_agg(m.id ORDER BY m.number, m.id) FILTER (WHERE r.refused > 0))[1:%(named)s]
        FROM contracts_meter m JOIN contracts_supplypoint p ON p.id = m.point_id
        JOIN unnest(%(contracts)s::uuid[], %(months)s::date[]) AS w (contract_id, month)
             ON w.contract_id = m.contract_id
        CROSS JOIN LATERAL (
            SELECT count(*) AS registers, count(*) FILTER (WHERE s.state IN ('sent', 'passed', 'taken')) AS sent,
                   count(*) FILTER (WHERE s.state IN ('sent', 'passed')) AS waiting,
                   count(*) FILTER (WHERE s.state = 'refused') AS refused
            FROM contracts_register g
            LEFT JOIN LATERAL (
                SELECT state FROM readings_submission s
                WHERE s.contract_id = m.contract_id AND s.register_id = g.id AND s.month = w.month
                  AND s.state <> 'withdrawn'
                ORDER BY s.sent_at DESC, s.id DESC LIMIT 1) s ON true
            WHERE g.meter_id = m.id AND g.valid_from <= %(day)s AND (g.valid_to IS NULL OR g.valid_to > %(day)s)
        ) r
        WHERE r.registers > 0 AND p.entry_status = 'awaiting' AND m.entry_status = 'awaiting'
          AND (m.contract_id <> ALL(%(limited)s::uuid[]) OR m.point_id = ANY(%(points)s::uuid[]))
          AND m.valid_from <= %(day)s AND (m.valid_to IS NULL OR m.valid_to > %(day)s)
          AND p.valid_from <= %(day)s AND (p.valid_to IS NULL OR p.valid_to > %(day)s)
        GROUP BY m.contract_id
        """,
        {
            "contracts": list(months),
            "months": [month.first for month in months.values()],
            "limited": [m.contract_id for m in limited],
            "points": [point for m in limited for point in m.points or ()],
            "day": day,
            "named": REFUSED_NAMED,
        },
    )
    return {
        contract: _Counts(total, gone, waiting, refused, tuple(ids or ()))
        for contract, total, gone, waiting, refused, ids in rows
    }


def _refused(meters: Collection[UUID], months: Mapping[UUID, Month]) -> dict[UUID, RefusedMeter]:
    """Return why the newest reading of each meter was refused; of several zones the last one speaks."""
    by_month: defaultdict[Month, list[UUID]] = defaultdict(list)
    for contract, month in months.items():
        by_month[month].append(contract)
    found: dict[UUID, RefusedMeter] = {}
    for month, contracts in by_month.items():
        rows = Submission.objects.filter(
            contract_id__in=contracts,
            register__meter_id__in=meters,
            month=month.first,
            state=SubmissionState.REFUSED,
        )
        for row in rows.select_related("register__meter").order_by("sent_at", "id"):
            meter = row.register.meter
            found[meter.pk] = RefusedMeter(meter.number, meter.point_id, row.reason)
    return found
