"""What is known of every register that a person may send, by one statement (SPEED, «Serving»).

A row is a register with its meter and contract, and beside it: its accepted readings of a year and a bit, what was sent
of the month, the newest effective sending before it, the draft. A contract without registers has a row of its own.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from kabinet.contracts.models import Contract, Meter, Register, SupplyPoint
from kabinet.contracts.values import Action
from kabinet.infra.statements import Row, Statement, attnames, columns_of, fetch, one_line, row_of
from kabinet.kernel.calendar import WorkCalendar
from kabinet.kernel.periods import Month
from kabinet.providers.selectors import OpenProvider
from kabinet.providers.values import Resource
from kabinet.readings.models import Submission, SubmissionState
from kabinet.readings.selectors import whose
from kabinet.readings.selectors.history import Known
from kabinet.readings.selectors.windows import LAST_DAY, window_by_day
from kabinet.readings.values import Extension, Measured, Previous

MONTHS_LOOKED_AT: Final = 14
# A reading of a month is taken early in the next, or somewhat before the month of a bill: a little more is looked at.
_SLACK: Final = timedelta(days=62)
# No window opens earlier than this before the month that it is for.
_EARLIEST_SENDING: Final = timedelta(days=40)

_CONTRACT: Final = attnames(
    Contract,
    "id", "provider_id", "external_id", "kind", "number", "customer_name", "customer_number", "deadline_day",
    "valid_from", "valid_to",
)  # fmt: skip
_METER: Final = attnames(
    Meter,
    "id", "contract_id", "point_id", "external_id", "number", "make", "place", "resource", "ratio", "verification_due",
    "entry_status",
)  # fmt: skip
_POINT: Final = attnames(SupplyPoint, "id", "address", "entry_status")
_REGISTER: Final = attnames(
    Register,
    "id", "contract_id", "meter_id", "external_id", "quantity", "zone", "tariff_number", "integer_digits",
    "fraction_digits", "physical_limit_per_day",
)  # fmt: skip
_SENT: Final = attnames(Submission, "id", "state", "value", "raw", "reason", "contract_id", "register_id")

_ANYBODYS: Final = "c.id = ANY(%(allowed)s)"
_SQL: Final = f"""
    WITH seen AS MATERIALIZED (
        SELECT c.*, b.points,
               coalesce((%(moved_months)s::date[])[array_position(%(moved)s::uuid[], c.id)],
                        (%(months)s::date[])[coalesce(c.deadline_day, {LAST_DAY})]) AS month
        FROM {{held}}
        WHERE {{whose}} AND c.provider_id = %(provider)s
          AND (%(contract)s::uuid IS NULL OR c.id = %(contract)s)
          AND ((c.valid_from <= %(today)s AND (c.valid_to IS NULL OR c.valid_to > %(today)s))
               OR c.id = %(contract)s)
    )
    SELECT {columns_of("c", _CONTRACT)}, c.month,
           (SELECT json_agg(json_build_array(x.contract_id, x.month, x.closes_on))::text
            FROM readings_windowextension x
            WHERE x.provider_id = %(provider)s AND x.month >= %(since)s AND x.withdrawn_at IS NULL
              AND (x.contract_id IS NULL OR x.contract_id IN (SELECT id FROM seen))),
           ARRAY(SELECT o.month FROM providers_billingperiod o
                 WHERE o.provider_id = %(provider)s AND o.month >= %(since)s AND o.state = 'closed'),
           {columns_of("m", _METER)}, m.point_id, m.address, m.point_status,
           (SELECT old.number FROM contracts_meter old WHERE old.replaced_by_id = m.id LIMIT 1),
           {columns_of("r", _REGISTER)},
           past.values, past.days, past.months, past.sources, past.submissions, past.withdrawn,
           now.ids, now.states, now.values, now.raws, now.reasons,
           before.value, before.taken_on, before.month, draft.raw
    FROM seen c
    LEFT JOIN LATERAL (
        SELECT m.*, p.address, p.entry_status AS point_status
        FROM contracts_meter m JOIN contracts_supplypoint p ON p.id = m.point_id
        WHERE m.contract_id = c.id AND (%(resource)s::text IS NULL OR m.resource = %(resource)s)
          AND m.valid_from <= %(today)s AND (m.valid_to IS NULL OR m.valid_to > %(today)s)
          AND (c.points IS NULL OR m.point_id = ANY(c.points))
    ) m ON true
    LEFT JOIN contracts_register r ON r.meter_id = m.id
         AND r.valid_from <= %(today)s AND (r.valid_to IS NULL OR r.valid_to > %(today)s)
         AND (%(registers)s::uuid[] IS NULL OR r.id = ANY(%(registers)s))
    LEFT JOIN LATERAL (
        SELECT array_agg(a.value), array_agg(a.taken_on), array_agg(a.month), array_agg(a.source),
               array_agg(a.submission_id),
               ARRAY(SELECT w.id FROM readings_submission w
                     WHERE w.contract_id = c.id AND w.register_id = r.id AND w.state = 'withdrawn')
        FROM (
            (SELECT value, taken_on, month, source, submission_id FROM readings_reading l
             WHERE l.contract_id = c.id AND l.register_id = r.id AND l.taken_on >= %(long_ago)s
             ORDER BY l.taken_on DESC)
            UNION ALL
            (SELECT value, taken_on, month, source, submission_id FROM readings_reading l
             WHERE l.contract_id = c.id AND l.register_id = r.id AND l.taken_on < %(long_ago)s
             ORDER BY l.taken_on DESC LIMIT 1)
        ) a
    ) past(values, days, months, sources, submissions, withdrawn) ON true
    LEFT JOIN LATERAL (
        SELECT array_agg(n.id), array_agg(n.state), array_agg(n.value), array_agg(n.raw), array_agg(n.reason)
        FROM (SELECT l.id, l.state, l.value, l.raw, l.reason FROM readings_submission l
              WHERE l.contract_id = c.id AND l.register_id = r.id AND l.month = c.month
                AND l.sent_at >= %(earliest)s
              ORDER BY l.sent_at DESC, l.id DESC) n
    ) now(ids, states, values, raws, reasons) ON true
    LEFT JOIN LATERAL (
        SELECT l.value, l.taken_on, l.month FROM readings_submission l
        WHERE l.contract_id = c.id AND l.register_id = r.id AND l.month < c.month
          AND l.state IN ('sent', 'passed', 'taken')
        ORDER BY l.month DESC LIMIT 1
    ) before ON true
    LEFT JOIN readings_draft draft ON draft.register_id = r.id AND draft.month = c.month
    ORDER BY c.customer_name, c.number, c.id, m.address, m.number, m.id, r.tariff_number, r.id
"""  # noqa: S608 - columns of models, two fixed conditions
_BY_USER: Final = one_line(_SQL.format(held=whose.HELD, whose=whose.BY_USER))
_BY_SESSION: Final = one_line(_SQL.format(held=whose.HELD, whose=whose.BY_SESSION))
_BY_NOBODY: Final = one_line(
    _SQL.format(held="contracts_contract c CROSS JOIN (SELECT NULL::uuid[] AS points) b", whose=_ANYBODYS)
)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which registers are asked for: of a provider, a resource, a day; of one contract, or some registers of it."""

    provider: OpenProvider
    # None asks for all.
    resource: Resource | None
    today: date
    contract_id: UUID | None = None
    registers: tuple[UUID, ...] | None = None
    # Months of contracts that the office gave another window than their deadline day does.
    moved: tuple[tuple[UUID, Month], ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """A register with everything that its line on a sheet says."""

    meter: Meter
    register: Register
    replaces: str
    known: Known
    # The newest accepted reading of all, by which a sending sees whether another has come since.
    newest: tuple[date, Decimal] | None
    sent: Submission | None
    draft: str


@dataclass(frozen=True, slots=True)
class FoundContract:
    """A contract with its registers, the month that they are for, and what the office and billing said of months."""

    contract: Contract
    month: Month
    registers: tuple[Found, ...]
    extensions: tuple[Extension, ...]
    closed: frozenset[Month]


def found_by(user_id: UUID | None, allowed: Sequence[UUID], asked: Asked) -> list[FoundContract]:
    """Return what a person finds on the contracts on which he is known to have the right; nobody finds all of them."""
    parameters = {"user": user_id, "allowed": list(allowed)}
    if user_id is None:
        return found_in(fetch(Statement(_BY_NOBODY, _parameters(asked) | parameters)))
    return found_in(fetch(Statement(_BY_USER, _parameters(asked) | parameters)))


def asking_for(session_key: str, asked: Asked, *, at: datetime, now: datetime) -> Statement:
    """Return the statement for whoever has the session, to be sent beside the one that says who that is."""
    return Statement(_BY_SESSION, {**_parameters(asked), **whose.having(session_key, at=at, now=now)})


def _parameters(asked: Asked) -> dict[str, Any]:
    this = Month.of(asked.today)
    return {
        "provider": asked.provider.row.pk,
        "resource": None if asked.resource is None else str(asked.resource),
        "roles": whose.roles_for(Action.SEND_READINGS),
        "today": asked.today,
        "since": this.previous.first,
        "long_ago": this.plus(-MONTHS_LOOKED_AT).first - _SLACK,
        "earliest": datetime.combine(asked.today - _SLACK - _EARLIEST_SENDING, time.min, UTC),
        "contract": asked.contract_id,
        "registers": None if asked.registers is None else list(asked.registers),
        "months": _months_by_day(asked),
        "moved": [contract for contract, _ in asked.moved],
        "moved_months": [month.first for _, month in asked.moved],
    }


def _months_by_day(asked: Asked) -> str:
    """Return for each deadline day the month whose window holds today, the office's extensions apart, as an array."""
    provider, today = asked.provider, asked.today
    judged_by = (provider.policy.window, provider.calendar, today)
    kept = _remembered.get(provider.row.pk)
    if kept is None or kept[0] != judged_by:
        months = [
            window_by_day(day, provider, extensions=(), today=today).month.first for day in range(1, LAST_DAY + 1)
        ]
        _remembered[provider.row.pk] = kept = (judged_by, f"{{{','.join(map(str, months))}}}")
    return kept[1]


# The months of each provider that were asked for last: they are the same for everybody of an evening.
_remembered: dict[UUID, tuple[tuple[Any, WorkCalendar, date], str]] = {}


def found_in(rows: Sequence[Row]) -> list[FoundContract]:
    """Read the statement's answer."""
    of_contract: dict[UUID, list[Row]] = {}
    for row in rows:
        of_contract.setdefault(row[0], []).append(row)
    return [_contract(own) for own in of_contract.values()]


_AT_METER: Final = len(_CONTRACT) + 3
_AT_POINT: Final = _AT_METER + len(_METER)
_AT_OLD: Final = _AT_POINT + len(_POINT)
_AT_REGISTER: Final = _AT_OLD + 1
_AT_FACTS: Final = _AT_REGISTER + len(_REGISTER)


def _contract(rows: Sequence[Row]) -> FoundContract:
    contract = row_of(Contract, _CONTRACT, rows[0][: len(_CONTRACT)])
    month, extensions, closed = rows[0][len(_CONTRACT) : _AT_METER]
    meters: dict[UUID, Meter] = {}
    return FoundContract(
        contract=contract,
        month=Month.of(month),
        registers=tuple(_found(row, meters, month=Month.of(month)) for row in rows if row[_AT_REGISTER]),
        extensions=tuple(
            Extension(Month.parse(of[:7]), date.fromisoformat(closes))
            for own, of, closes in json.loads(extensions or "[]")
            if own in (None, str(contract.pk))
        ),
        closed=frozenset(map(Month.of, closed)),
    )


def _found(row: Row, meters: dict[UUID, Meter], *, month: Month) -> Found:
    meter = meters.get(row[_AT_METER])
    if meter is None:
        meter = meters[row[_AT_METER]] = row_of(Meter, _METER, row[_AT_METER:_AT_POINT])
        meter.point = row_of(SupplyPoint, _POINT, row[_AT_POINT:_AT_OLD])
    register = row_of(Register, _REGISTER, row[_AT_REGISTER:_AT_FACTS])
    past, now, before = row[_AT_FACTS : _AT_FACTS + 6], row[_AT_FACTS + 6 : _AT_FACTS + 11], row[_AT_FACTS + 11 : -1]
    own = frozenset(now[0] or ())
    return Found(
        meter=meter,
        register=register,
        replaces=row[_AT_OLD] or "",
        known=_known(past, before, own=own, month=month),
        newest=max(zip(past[1] or (), past[0] or (), strict=True), default=None),
        sent=_sent(now, register),
        draft=row[-1] or "",
    )


def _known(past: Row, before: Row, *, own: frozenset[UUID], month: Month) -> Known:
    """Return a register's past as it looks from the month: without what came of the month's own sendings."""
    values, days, months, sources, submissions, withdrawn = past
    gone = own | frozenset(withdrawn or ())
    accepted = [
        Previous(value, day, Month.of(of), source=source, is_accepted=True)
        for value, day, of, source, submission in zip(
            values or (), days or (), months or (), sources or (), submissions or (), strict=True
        )
        if submission not in gone and of <= month.first
    ]
    accepted.sort(key=lambda one: one.taken_on)
    recent = [one for one in accepted if one.month >= month.plus(-MONTHS_LOOKED_AT)] or accepted[-1:]
    seen = list(recent)
    if before[0] is not None:
        seen.append(Previous(before[0], before[1], Month.of(before[2]), source="customer", is_accepted=False))
    return Known(
        previous=max(seen, key=lambda one: (one.taken_on, one.is_accepted), default=None),
        accepted=tuple(Measured(one.month, one.value) for one in recent),
    )


def _sent(now: Row, register: Register) -> Submission | None:
    """Return the newest sending of the month that was not taken back."""
    ids, states, values, raws, reasons = now
    for place, state in enumerate(states or ()):
        if state != SubmissionState.WITHDRAWN:
            facts = {
                "id": ids[place], "state": state, "value": values[place], "raw": raws[place], "reason": reasons[place],
                "contract_id": register.contract_id, "register_id": register.pk,
            }  # fmt: skip
            return row_of(Submission, _SENT, [facts[name] for name in _SENT])
    return None
