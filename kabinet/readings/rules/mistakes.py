"""The typical mistakes in a typed reading, and the value that was likely meant (READ-09)."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import combinations

from kabinet.kernel.digits import NumberProblem, TypedNumber, pad, parse_number
from kabinet.kernel.exact import whole_part
from kabinet.readings.values import Acceptance, Dial, Judgement, Limits, Mistake, TypedReading, Verdict

_NEVER_A_READING = frozenset({Mistake.EMPTY, Mistake.NEGATIVE, Mistake.NOT_A_NUMBER, Mistake.TOO_MANY_DIGITS})
_WORTH_KNOWING = frozenset({Mistake.ZERO_CONSUMPTION})


def verdict(raw: str, *, dial: Dial, previous: Decimal | None, limits: Limits, is_open: bool = True) -> Verdict:
    """Say what forbids sending a typed reading, what its sender has to confirm, and what he should know."""
    plain = _at_a_glance(raw, dial=dial, previous=previous, limits=limits) if is_open else None
    return plain or judged(raw, dial=dial, previous=previous, limits=limits, is_open=is_open)


def judged(raw: str, *, dial: Dial, previous: Decimal | None, limits: Limits, is_open: bool = True) -> Verdict:
    """Say the same of any reading, the ordinary one included, by looking for every mistake."""
    judgement = judge(raw, dial=dial, previous=previous, limit=limits.usual)
    blocking = tuple(_blocking(judgement, physical=limits.physical, is_open=is_open))
    noted = () if judgement.code in (Mistake.OK, *blocking) else (judgement.code,)
    is_hint = judgement.code in _WORTH_KNOWING or Mistake.BEYOND_PHYSICAL_LIMIT in blocking
    return Verdict(
        blocking=blocking,
        to_confirm=() if is_hint else noted,
        hints=(*(noted if is_hint else ()), *judgement.warnings),
        suggestions=(judgement.suggest,) if judgement.suggest else (),
        value=None if judgement.value is None else Decimal(judgement.value),
        shown=judgement.value,
        consumption=judgement.consumption,
    )


def _at_a_glance(raw: str, *, dial: Dial, previous: Decimal | None, limits: Limits) -> Verdict | None:
    """Return the verdict over an ordinary reading: digits alone, more than before, within the limits."""
    if previous is None or not (raw.isascii() and raw.isdigit()) or len(raw) > dial.integer_digits:
        return None
    run = Decimal(raw) - (previous if dial.takes_fraction else whole_part(previous))
    if not 0 < run <= limits.usual or (limits.physical is not None and run > limits.physical):
        return None
    text = raw.rjust(dial.integer_digits, "0")
    if dial.takes_fraction and dial.fraction_digits:
        text = f"{text}.{'0' * dial.fraction_digits}"
    return Verdict((), (), (), (), value=Decimal(text), shown=text, consumption=run)


def judge(raw: str, *, dial: Dial, previous: Decimal | None, limit: Decimal) -> Judgement:
    """Name the mistake that a typed reading looks like, compared with the previous one and the usual consumption."""
    typed = parse_number(raw)
    if isinstance(typed, NumberProblem):
        return Judgement(Mistake(typed.value), Acceptance.NO)
    if dial.takes_fraction:
        return _judge_exact(typed, dial=dial, previous=previous, limit=limit)
    # The dial asks for its black digits; the previous reading may be stored with red ones.
    before = None if previous is None else whole_part(previous)
    judged = _judge_digits(typed.whole, typed.whole_value, dial=dial, previous=before, limit=limit)
    return replace(judged, warnings=(Mistake.FRACTION_DROPPED,)) if typed.fraction else judged


def shown(value: Decimal, dial: Dial) -> str:
    """Write a value as the dial shows it, with zeros in front, and with its fraction where that is asked for."""
    whole = pad(value, dial.integer_digits)
    if not (dial.takes_fraction and dial.fraction_digits):
        return whole
    fraction = format(value, "f").partition(".")[2]
    return f"{whole}.{fraction[: dial.fraction_digits].ljust(dial.fraction_digits, '0')}"


def swapped_registers(readings: Sequence[TypedReading]) -> list[tuple[int, int]]:
    """Return the places of readings that would fit if they changed places, and do not as they stand."""
    return [
        (one, other)
        for (one, first), (other, second) in combinations(enumerate(readings), 2)
        if not (_fits(first.value, first) and _fits(second.value, second))
        and _fits(second.value, first)
        and _fits(first.value, second)
    ]


def _blocking(judgement: Judgement, *, physical: Decimal | None, is_open: bool) -> Iterator[Mistake]:
    if not is_open:
        yield Mistake.WINDOW_CLOSED
    # A value is missing when the dial cannot show what was typed: there is nothing to confirm.
    if judgement.code in _NEVER_A_READING or judgement.value is None:
        yield judgement.code
    if physical is not None and judgement.consumption is not None and judgement.consumption > physical:
        yield Mistake.BEYOND_PHYSICAL_LIMIT


def _judge_exact(typed: TypedNumber, *, dial: Dial, previous: Decimal | None, limit: Decimal) -> Judgement:
    """Judge a reading whose fraction counts: nothing of it is dropped in silence."""
    fraction = typed.fraction.rstrip("0")
    if len(fraction) > dial.fraction_digits:
        kept = replace(typed, fraction=fraction[: dial.fraction_digits])
        fits = len(typed.whole) <= dial.integer_digits
        return Judgement(Mistake.TOO_MANY_DECIMALS, Acceptance.NO, suggest=shown(kept.value, dial) if fits else None)
    return _judge_digits(typed.whole, typed.value, dial=dial, previous=previous, limit=limit)


def _judge_digits(digits: str, value: Decimal, *, dial: Dial, previous: Decimal | None, limit: Decimal) -> Judgement:
    if len(digits) > dial.integer_digits:
        return _judge_too_many(digits, dial=dial, previous=previous, limit=limit)
    consumption = None if previous is None else value - previous
    seen = Judgement(Mistake.OK, Acceptance.YES, value=shown(value, dial), consumption=consumption)
    if previous is None:
        return seen
    if value < previous:
        return _judge_fall(seen, value=value, dial=dial, previous=previous, limit=limit)
    if value - previous > limit:
        return _judge_leap(seen, digits=digits, dial=dial, previous=previous, limit=limit)
    return replace(seen, code=Mistake.ZERO_CONSUMPTION) if value == previous else seen


def _judge_too_many(digits: str, *, dial: Dial, previous: Decimal | None, limit: Decimal) -> Judgement:
    suggest = _without_red_digits(digits, dial=dial, previous=previous, limit=limit)
    if suggest is not None:
        return Judgement(Mistake.DECIMALS_ENTERED, Acceptance.NO, suggest=suggest)
    return Judgement(
        Mistake.TOO_MANY_DIGITS,
        Acceptance.NO,
        suggest=_without_idle_zeros(digits, dial=dial, previous=previous, limit=limit),
    )


def _judge_leap(seen: Judgement, *, digits: str, dial: Dial, previous: Decimal, limit: Decimal) -> Judgement:
    suggest = _without_red_digits(digits, dial=dial, previous=previous, limit=limit)
    if suggest is not None:
        return replace(seen, code=Mistake.DECIMALS_ENTERED, accept=Acceptance.NO, suggest=suggest)
    return replace(seen, code=Mistake.CONSUMPTION_TOO_HIGH, accept=Acceptance.CONFIRM)


def _judge_fall(seen: Judgement, *, value: Decimal, dial: Dial, previous: Decimal, limit: Decimal) -> Judgement:
    after_rollover = value + dial.capacity - previous
    if after_rollover <= limit:
        return replace(seen, code=Mistake.ROLLOVER_SUSPECTED, accept=Acceptance.CONFIRM, consumption=after_rollover)
    if 0 < value <= limit:
        suggest = shown((previous + value) % dial.capacity, dial)
        return replace(seen, code=Mistake.VOLUME_INSTEAD_OF_READING, accept=Acceptance.NO, suggest=suggest)
    return replace(seen, code=Mistake.LESS_THAN_PREVIOUS, accept=Acceptance.NO)


def _without_red_digits(digits: str, *, dial: Dial, previous: Decimal | None, limit: Decimal) -> str | None:
    """Put last digits behind the comma, as many as the dial has red ones, until what stands there is likely."""
    for dropped in range(1, min(dial.fraction_digits, len(digits) - 1) + 1):
        rest = digits[:-dropped]
        likely = Decimal(f"{rest}.{digits[-dropped:]}") if dial.takes_fraction else Decimal(rest)
        # Without a previous reading only the length of the dial tells.
        is_telling = previous is not None or len(rest) == dial.integer_digits
        if is_telling and _is_likely(rest, likely, dial=dial, previous=previous, limit=limit):
            return shown(likely, dial)
    return None


def _without_idle_zeros(digits: str, *, dial: Dial, previous: Decimal | None, limit: Decimal) -> str | None:
    """Drop the zeros in front that the dial has no place for, if the rest is a likely reading."""
    rest = digits.lstrip("0") or "0"
    value = Decimal(rest)
    return shown(value, dial) if _is_likely(rest, value, dial=dial, previous=previous, limit=limit) else None


def _is_likely(digits: str, value: Decimal, *, dial: Dial, previous: Decimal | None, limit: Decimal) -> bool:
    if len(digits) > dial.integer_digits:
        return False
    return previous is None or previous <= value <= previous + limit


def _fits(value: Decimal, reading: TypedReading) -> bool:
    return value < reading.dial.capacity and reading.previous <= value <= reading.previous + reading.limit
