"""What likely happened to a reading that does not fit, the likeliest first (READ-09).

Only what fits is offered: a value within the register's usual limit. Each explanation costs a little by its kind and by
how far the consumption that it leaves is from the usual one; the cheapest stands first.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal, localcontext
from itertools import combinations
from typing import Final
from uuid import UUID

from kabinet.kernel.digits import NumberProblem, pad, parse_number
from kabinet.kernel.exact import EXACT, whole_part
from kabinet.readings.values.causes import Cause, Hypothesis, Offer, TypedRow

# A slip of a known kind comes before one that merely could be; what needs no slip at all comes last.
_COST: Final[Mapping[Cause, Decimal]] = {
    Cause.ZONES_SWAPPED: Decimal(0),
    Cause.METERS_SWAPPED: Decimal("0.1"),
    Cause.FRACTION_TYPED: Decimal("0.1"),
    Cause.ZERO_LOST: Decimal("0.1"),
    Cause.ROLLED_OVER: Decimal("0.2"),
    Cause.VOLUME_TYPED: Decimal("0.3"),
    Cause.DIGITS_SWAPPED: Decimal("0.6"),
    Cause.PREVIOUS_DOUBTFUL: Decimal(3),
    Cause.TRULY_HIGH: Decimal(4),
}


def hypotheses(rows: Sequence[TypedRow]) -> dict[UUID, tuple[Hypothesis, ...]]:
    """Return what may lie behind each reading that does not fit; one that fits, or is no number, has none."""
    doubtful = {row.row_id: row for row in rows if _is_doubtful(row)}
    swaps = list(_swaps(rows))
    return {
        row_id: _ranked([*(swap for swap in swaps if _touches(swap, row_id)), *_of_row(row)], row)
        for row_id, row in doubtful.items()
    }


def _ranked(found: Iterable[Hypothesis], row: TypedRow) -> tuple[Hypothesis, ...]:
    """Put the likeliest first; of two explanations with the same value the likelier one stays."""
    kept: dict[tuple[tuple[UUID, str], ...], Hypothesis] = {}
    for one in sorted(found, key=lambda hypothesis: _cost(hypothesis, row)):
        place = tuple((offer.row_id, offer.value) for offer in one.offers) or ((row.row_id, one.cause),)
        kept.setdefault(place, one)
    return tuple(kept.values())


def _cost(hypothesis: Hypothesis, row: TypedRow) -> Decimal:
    own = next((offer for offer in hypothesis.offers if offer.row_id == row.row_id), None)
    if own is None or row.usual is None:
        return _COST[hypothesis.cause]
    with localcontext(EXACT):
        away = abs(own.consumption - row.usual)
        return _COST[hypothesis.cause] + min(Decimal(1), away / max(Decimal(1), row.limits.usual))


def _of_row(row: TypedRow) -> Iterator[Hypothesis]:
    """Yield what may explain the reading by itself."""
    digits = _digits(row)
    if digits is None:
        return
    yield from _fraction(row, digits)
    yield from _swapped_digits(row, digits)
    value = Decimal(digits)
    if row.previous is None or value >= row.dial.capacity:
        return
    previous = whole_part(row.previous)
    if value < previous:
        yield from _below(row, value, previous=previous)
    elif row.limits.physical is None or value - previous <= row.limits.physical:
        yield Hypothesis(Cause.TRULY_HIGH)


def _fraction(row: TypedRow, digits: str) -> Iterator[Hypothesis]:
    """Drop last digits, as many as the dial has red ones; where a zero in front is missing too, say so."""
    for dropped in range(1, min(row.dial.fraction_digits, len(digits) - 1) + 1):
        rest = digits[:-dropped]
        if offer := _offer(row, Decimal(rest)):
            is_zero_lost = len(rest) < row.dial.integer_digits
            yield Hypothesis(Cause.ZERO_LOST if is_zero_lost else Cause.FRACTION_TYPED, (offer,))


def _swapped_digits(row: TypedRow, digits: str) -> Iterator[Hypothesis]:
    """Exchange two neighbouring digits."""
    shown = digits.zfill(row.dial.integer_digits)
    for place in range(len(shown) - 1):
        other = shown[:place] + shown[place + 1] + shown[place] + shown[place + 2 :]
        offer = _offer(row, Decimal(other)) if other != shown else None
        if offer:
            yield Hypothesis(Cause.DIGITS_SWAPPED, (offer,))


def _below(row: TypedRow, value: Decimal, *, previous: Decimal) -> Iterator[Hypothesis]:
    """Explain a reading that is less than the previous one."""
    if value + row.dial.capacity - previous <= row.limits.usual:
        yield Hypothesis(Cause.ROLLED_OVER)
    if 0 < value <= row.limits.usual:
        meant = (previous + value) % row.dial.capacity
        yield Hypothesis(Cause.VOLUME_TYPED, (Offer(row.row_id, pad(meant, row.dial.integer_digits), value),))
    if row.earlier is not None and whole_part(row.earlier) <= value <= row.earlier + 2 * row.limits.usual:
        yield Hypothesis(Cause.PREVIOUS_DOUBTFUL)


def _swaps(rows: Sequence[TypedRow]) -> Iterator[Hypothesis]:
    """Exchange what may have been mixed up: the zones of a meter, or two meters of the flat."""
    meters: defaultdict[UUID, list[TypedRow]] = defaultdict(list)
    for row in rows:
        meters[row.meter_id].append(row)
    for own in meters.values():
        for pair in combinations(own, 2):
            yield from _swap(Cause.ZONES_SWAPPED, [pair])
    for first, second in combinations(meters.values(), 2):
        zones = {row.zone: row for row in second}
        if {row.zone for row in first} == zones.keys():
            yield from _swap(Cause.METERS_SWAPPED, [(row, zones[row.zone]) for row in first])


def _swap(cause: Cause, pairs: Sequence[tuple[TypedRow, TypedRow]]) -> Iterator[Hypothesis]:
    """Yield the exchange where everything fits after it and did not before."""
    if all(_fits_as_typed(row) for pair in pairs for row in pair):
        return
    exchanged = [_exchanged(*pair) for pair in pairs]
    if all(exchanged):
        yield Hypothesis(cause, tuple(offer for offers in exchanged for offer in offers))


def _exchanged(one: TypedRow, other: TypedRow) -> tuple[Offer, ...]:
    """Return what the two rows become; nothing unless both fit then."""
    first, second = _digits(one), _digits(other)
    if first is None or second is None or first == second:
        return ()
    offers = (_offer(one, Decimal(second)), _offer(other, Decimal(first)))
    return tuple(offer for offer in offers if offer) if all(offers) else ()


def _offer(row: TypedRow, value: Decimal) -> Offer | None:
    """Return the value as an offer where the register may usually show it; without a past nothing tells."""
    if row.previous is None or value >= row.dial.capacity:
        return None
    run = value - whole_part(row.previous)
    if not 0 <= run <= row.limits.usual:
        return None
    return Offer(row.row_id, pad(value, row.dial.integer_digits), run)


def _is_doubtful(row: TypedRow) -> bool:
    return _digits(row) is not None and not _fits_as_typed(row)


def _fits_as_typed(row: TypedRow) -> bool:
    digits = _digits(row)
    if digits is None or len(digits) > row.dial.integer_digits:
        return False
    return row.previous is None or _offer(row, Decimal(digits)) is not None


def _digits(row: TypedRow) -> str | None:
    """Return the whole digits as typed; None for what is no number."""
    typed = parse_number(row.raw)
    return None if isinstance(typed, NumberProblem) else typed.whole


def _touches(hypothesis: Hypothesis, row_id: UUID) -> bool:
    return any(offer.row_id == row_id for offer in hypothesis.offers)
