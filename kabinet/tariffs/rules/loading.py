"""What a file of prices would do to the stored ones (STAFF-01): decided before anything is written."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from kabinet.contracts.values import Zone
from kabinet.kernel.periods import Period
from kabinet.tariffs.rules.pricing import is_complete, zone_prices
from kabinet.tariffs.values.loading import (
    HeldPrice,
    Key,
    Plan,
    PriceDecision,
    PriceFate,
    PriceProblem,
    PriceRow,
)
from kabinet.tariffs.values.tables import TariffKey, ZonePrices


@dataclass(frozen=True, slots=True)
class _Span:
    """Days with a price as they would stand: from the file, or stored."""

    period: Period
    value: Decimal
    range_end: Decimal | None
    row: int = 0
    held: HeldPrice | None = None


def plan_of(rows: Sequence[PriceRow], held: Iterable[HeldPrice], *, today: date) -> Plan:
    """Decide over every row of a file, in the file's order.

    A price that begins ends the one before it. One that has the first day of a stored one corrects it; one that covers
    what has not begun yet takes its place, so that loading the former file again takes a mistaken one back. Whatever
    would leave two prices on a day, or a meter with half of its prices, is refused.
    """
    lines = _lines_of(held)
    order = sorted(range(len(rows)), key=lambda place: (rows[place].period.start, place))
    decided = {place: _decide(rows[place], lines[rows[place].key], today=today) for place in order}
    # What would leave a meter with half of its prices shows only when all rows stand in their places.
    return Plan(tuple(_checked(decided[place], lines) for place in range(len(rows))))


def _lines_of(held: Iterable[HeldPrice]) -> defaultdict[Key, list[_Span]]:
    lines: defaultdict[Key, list[_Span]] = defaultdict(list)
    for one in held:
        lines[one.key].append(_Span(one.period, one.value, one.range_end, held=one))
    return lines


def _decide(row: PriceRow, line: list[_Span], *, today: date) -> PriceDecision:
    """Put a row on its line of days, if it fits there."""
    beside = [span for span in line if span.period.overlaps(row.period)]
    if twin := next((span for span in beside if span.row), None):
        return PriceDecision(row, PriceFate.REFUSED, problem=PriceProblem.TWICE, other_row=twin.row)
    before = [span.held for span in beside if span.held and span.period.start == row.period.start]
    earlier = [span.held for span in beside if span.held and span.period.start < row.period.start]
    later = [span.held for span in beside if span.held and span.period.start > row.period.start]
    if wider := next((one for one in earlier if _outlasts(one.period, row.period)), None):
        return PriceDecision(row, PriceFate.REFUSED, problem=PriceProblem.INSIDE_ANOTHER, against=wider.period)
    if begun := next((one for one in later if not _gives_way(one.period, row.period, today=today)), None):
        return PriceDecision(row, PriceFate.REFUSED, problem=PriceProblem.COVERS_ANOTHER, against=begun.period)
    _put(row, line, beside=beside)
    same = before[0] if before else None
    if same and (same.period, same.value, same.range_end) == (row.period, row.value, row.range_end):
        return PriceDecision(row, PriceFate.UNCHANGED, before=same)
    fate = PriceFate.CHANGED if same else PriceFate.ADDED
    return PriceDecision(row, fate, before=same, ends=tuple(earlier), drops=tuple(later))


def _outlasts(stored: Period, row: Period) -> bool:
    """Say whether a stored price was to hold on after the row's last day, and said until when."""
    return stored.end is not None and row.end is not None and stored.end > row.end


def _gives_way(stored: Period, row: Period, *, today: date) -> bool:
    """Say whether a stored price has not begun yet, and all its days are the row's."""
    is_within = row.end is None or (stored.end is not None and stored.end <= row.end)
    return stored.start > today and is_within


def _put(row: PriceRow, line: list[_Span], *, beside: list[_Span]) -> None:
    for span in beside:
        line.remove(span)
        if span.period.start < row.period.start:
            line.append(replace(span, period=Period(span.period.start, row.period.start)))
    line.append(_Span(row.period, row.value, row.range_end, row=row.number))


def _checked(decision: PriceDecision, lines: dict[Key, list[_Span]]) -> PriceDecision:
    """Refuse a row that would leave a meter with half of its prices on some day."""
    key = decision.row.key
    if decision.fate is PriceFate.REFUSED or not isinstance(key, TariffKey):
        return decision
    group = {
        other: line for other, line in lines.items() if isinstance(other, TariffKey) and _meter(other) == _meter(key)
    }
    days = {span.period.start for line in group.values() for span in line}
    days |= {span.period.end for line in group.values() for span in line if span.period.end}
    for day in sorted(day for day in days | {decision.row.period.start} if decision.row.period.holds(day)):
        if not is_complete(_prices_on(day, group), zones=key.zones):
            return PriceDecision(decision.row, PriceFate.REFUSED, problem=PriceProblem.INCOMPLETE, on=day)
    return decision


def _meter(key: TariffKey) -> TariffKey:
    """Return what all prices of one kind of meter share."""
    return replace(key, zone=Zone.SINGLE, range_number=1)


def _prices_on(day: date, group: dict[TariffKey, list[_Span]]) -> ZonePrices:
    found = {key: span for key, line in group.items() for span in line if span.period.holds(day)}
    return zone_prices((key.zone, key.range_number, span.range_end, span.value) for key, span in found.items())
