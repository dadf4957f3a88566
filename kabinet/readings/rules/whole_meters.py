"""All registers of a meter go together, or none of it does (READ-11); a colleague's value is not put aside unasked."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from kabinet.kernel.digits import TypedNumber, parse_number
from kabinet.readings.values import Entry, Fate, Mistake, Outcome

_HAS_READING = frozenset({Fate.SENT, Fate.UNCHANGED})


def asked_first(outcome: Outcome, entry: Entry, *, sent_value: Decimal | None, shown: str = "") -> Outcome:
    """Ask before a value is put aside that its sender did not see: it was sent after his page was made.

    `shown` is that value as the dial shows it; it is offered.
    """
    seen = parse_number(entry.was)
    is_seen = sent_value is None or (isinstance(seen, TypedNumber) and seen.value == sent_value)
    if outcome.fate not in {Fate.SENT, Fate.TO_CONFIRM} or is_seen or Mistake.SENT_MEANWHILE in entry.confirmed:
        return outcome
    problems = (*outcome.problems, Mistake.SENT_MEANWHILE)
    return replace(outcome, fate=Fate.TO_CONFIRM, problems=problems, suggestions=(*outcome.suggestions, shown))


def whole(
    outcomes: Sequence[Outcome], *, meters: Mapping[UUID, Collection[UUID]], sent: Collection[UUID]
) -> list[Outcome]:
    """Hold back what would leave a meter without some of its registers; the empty ones among them are named.

    `meters` has the registers of each meter, `sent` those that hold a reading of the period already.
    """
    meter_of = {register: meter for meter, registers in meters.items() for register in registers}
    by_meter: defaultdict[UUID | None, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        by_meter[meter_of.get(outcome.row_id)].append(outcome)
    return [
        outcome
        for meter, own in by_meter.items()
        for outcome in (own if meter is None else _of_meter(own, registers=meters[meter], sent=sent))
    ]


def _of_meter(own: Sequence[Outcome], *, registers: Collection[UUID], sent: Collection[UUID]) -> Iterator[Outcome]:
    told = {outcome.row_id for outcome in own}
    filled = {outcome.row_id for outcome in own if outcome.fate in _HAS_READING}
    missing = [register for register in registers if register not in filled and register not in sent]
    for outcome in own:
        is_held = missing and outcome.fate is Fate.SENT
        yield replace(outcome, fate=Fate.REFUSED, problems=(Mistake.INCOMPLETE,)) if is_held else outcome
    if any(outcome.fate is Fate.SENT for outcome in own):
        for register in missing:
            if register not in told:
                yield Outcome(register, "", Fate.REFUSED, problems=(Mistake.FILL_IN,))
