"""«Архив показаний»: accepted readings of every source, and what was sent with its state (READ-05).

By one statement: a row is a meter with its contract and point, and beside it what was accepted and what was sent.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any, Final
from uuid import UUID

from kabinet.contracts.models import Contract, Meter, SupplyPoint
from kabinet.contracts.rules import rights
from kabinet.contracts.values import Action, Viewer
from kabinet.infra.statements import Row, Statement, attnames, columns_of, fetch, one_line, row_of
from kabinet.readings.models import SubmissionState
from kabinet.readings.selectors import whose

_CONTRACT: Final = attnames(Contract, "id", "number", "customer_name", "customer_number")
_METER: Final = attnames(Meter, "id", "number")
_POINT: Final = attnames(SupplyPoint, "id", "address")
_AT_METER: Final = len(_CONTRACT)
_AT_POINT: Final = _AT_METER + len(_METER)
_AT_ADDRESS: Final = _AT_POINT + _POINT.index("address")
_AT_FACTS: Final = _AT_POINT + len(_POINT)
_SQL: Final = f"""
    WITH seen AS MATERIALIZED (
        SELECT c.*, b.points FROM {whose.HELD} WHERE {{whose}} AND c.provider_id = %(provider)s
    )
    SELECT {columns_of("c", _CONTRACT)}, {columns_of("m", _METER)}, {columns_of("p", _POINT)},
           accepted.months, accepted.values, accepted.days, accepted.sources,
           sent.months, sent.values, sent.days, sent.states, sent.reasons,
           dense_rank() OVER (ORDER BY p.address, p.code, p.id)
    FROM seen c
    JOIN LATERAL (
        SELECT own.*, ARRAY(SELECT r.id FROM contracts_register r WHERE r.meter_id = own.id) AS registers
        FROM contracts_meter own WHERE own.contract_id = c.id AND (c.points IS NULL OR own.point_id = ANY(c.points))
    ) m ON true
    JOIN contracts_supplypoint p ON p.id = m.point_id
    LEFT JOIN LATERAL (
        SELECT array_agg(l.month) AS months, array_agg(l.value) AS values, array_agg(l.taken_on) AS days,
               array_agg(l.source) AS sources
        FROM readings_reading l
        WHERE l.contract_id = c.id AND l.register_id = ANY(m.registers)
          AND l.taken_on BETWEEN %(since)s AND %(until)s
          AND NOT EXISTS (SELECT FROM readings_submission w
                          WHERE w.contract_id = c.id AND w.id = l.submission_id AND w.state = 'withdrawn')
    ) accepted ON %(point)s::uuid IS NULL OR m.point_id = %(point)s::uuid
    LEFT JOIN LATERAL (
        SELECT array_agg(l.month) AS months, array_agg(l.value) AS values, array_agg(l.taken_on) AS days,
               array_agg(l.state) AS states, array_agg(l.reason) AS reasons
        FROM readings_submission l
        WHERE l.contract_id = c.id AND l.register_id = ANY(m.registers)
          AND l.taken_on BETWEEN %(since)s AND %(until)s
          AND (l.state <> 'taken' OR NOT EXISTS (SELECT FROM readings_reading became
                                                 WHERE became.contract_id = c.id AND became.submission_id = l.id))
    ) sent ON %(point)s::uuid IS NULL OR m.point_id = %(point)s::uuid
    ORDER BY c.customer_name, c.number, c.id
"""  # noqa: S608 - columns of models, two fixed conditions
_BY_USER: Final = one_line(_SQL.format(whose=whose.BY_USER))
_BY_SESSION: Final = one_line(_SQL.format(whose=whose.BY_SESSION))


@dataclass(frozen=True, slots=True)
class ArchiveQuery:
    """Which part of the archive: one supply point or all, and days, both included."""

    since: date
    until: date
    point: UUID | None = None


@dataclass(frozen=True, slots=True)
class ArchiveLine:
    """A reading of a register, or the volume of a point: accepted with its source, or sent with its state."""

    address: str
    month: date
    value: Decimal
    taken_on: date
    source: str
    state: str
    reason: str
    meter: Meter | None = None


@dataclass(frozen=True, slots=True)
class ArchivePart:
    """The lines of one contract, newest first."""

    contract: Contract
    lines: tuple[ArchiveLine, ...]


@dataclass(frozen=True, slots=True)
class Archive:
    """The supply points whose readings the viewer may see, for «Выбрать адрес», and the lines by contract."""

    points: tuple[SupplyPoint, ...] = ()
    parts: tuple[ArchivePart, ...] = ()


def asking_for(session_key: str, query: ArchiveQuery, *, provider_id: UUID, at: datetime, now: datetime) -> Statement:
    """Return the statement for whoever has the session, to be sent beside the one that says who that is."""
    return Statement(_BY_SESSION, {**_parameters(query, provider_id), **whose.having(session_key, at=at, now=now)})


def archive_of(viewer: Viewer, query: ArchiveQuery, *, rows: Sequence[Row] | None = None) -> Archive:
    """Return the archive by one statement at the most; a taken submission is shown once, as the reading it became."""
    if rows is None:
        rows = _rows_of(viewer, query)
    points = {row[_AT_POINT]: row for row in rows}
    if query.point and query.point not in points:  # what is not the viewer's is not looked for
        return archive_of(viewer, replace(query, point=None))
    own = sorted(points.values(), key=itemgetter(-1))
    return Archive(
        points=tuple(row_of(SupplyPoint, _POINT, row[_AT_POINT:_AT_FACTS]) for row in own),
        parts=tuple(part for _, found in groupby(rows, itemgetter(0)) if (part := _part(list(found))).lines),
    )


def _rows_of(viewer: Viewer, query: ArchiveQuery) -> list[Row]:
    allowed = [m.contract_id for m in viewer.memberships if rights.may(m.role, Action.SEE_READINGS)]
    if not allowed:
        return []
    parameters = {**_parameters(query, viewer.provider_id), "user": viewer.user_id, "allowed": allowed}
    return fetch(Statement(_BY_USER, parameters))


def _parameters(query: ArchiveQuery, provider_id: UUID) -> dict[str, Any]:
    return {
        "provider": provider_id,
        "roles": whose.roles_for(Action.SEE_READINGS),
        "since": query.since,
        "until": query.until,
        "point": query.point,
    }


def _part(rows: Sequence[Row]) -> ArchivePart:
    lines = [line for row in rows for line in _lines(row)]
    return ArchivePart(row_of(Contract, _CONTRACT, rows[0][:_AT_METER]), tuple(sorted(lines, key=newest_first)))


def _lines(row: Row) -> Iterator[ArchiveLine]:
    """Yield what was accepted of a meter, and what was sent and became nothing that was accepted."""
    meter, address = row_of(Meter, _METER, row[_AT_METER:_AT_POINT]), row[_AT_ADDRESS]
    for month, value, taken_on, source in _columns(row[_AT_FACTS : _AT_FACTS + 4]):
        yield ArchiveLine(address, month, value, taken_on, source, SubmissionState.TAKEN, "", meter)
    for month, value, taken_on, state, reason in _columns(row[_AT_FACTS + 4 : _AT_FACTS + 9]):
        yield ArchiveLine(address, month, value, taken_on, "customer", state, reason, meter)


def _columns(arrays: Row) -> Iterator[tuple[Any, ...]]:
    return zip(*(array or () for array in arrays), strict=True)


def newest_first(line: ArchiveLine) -> tuple[int, str, str]:
    return -line.taken_on.toordinal(), line.address, line.meter.number if line.meter else ""
