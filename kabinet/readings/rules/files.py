"""What becomes of each row of a file: sent, held with its meter, to be confirmed, or refused (READ-11, READ-12)."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date

from kabinet.readings.rules import fates
from kabinet.readings.rules.matching import Register
from kabinet.readings.values import Fate, Mistake, Verdict
from kabinet.readings.values.files import Card, CellFlag, Decided, FileLine, RowFate, RowProblem, Stand

Judge = Callable[[Card, str], Verdict]
_FATES = {
    Fate.SENT: RowFate.SENT,
    Fate.UNCHANGED: RowFate.UNCHANGED,
    Fate.TO_CONFIRM: RowFate.TO_CONFIRM,
    Fate.REFUSED: RowFate.REFUSED,
}
# With these a meter is no obstacle to its other registers: they hold a reading in the period.
_HAS_READING = frozenset({RowFate.SENT, RowFate.UNCHANGED})
# What makes a cell no number, whatever stands in it.
_NO_NUMBER = frozenset({CellFlag.ERROR, CellFlag.DATE, CellFlag.MERGED})
LIVE = "awaiting"


def found(lines: Iterable[tuple[int, FileLine]], register: Register) -> list[Decided]:
    """Set each numbered row beside the register that it means; a register's rows that contradict are refused."""
    return _without_twins([_found(number, line, register) for number, line in lines])


def decide(
    rows: Sequence[Decided],
    *,
    register: Register,
    stands: Mapping[str, Stand],
    judge: Judge,
    closed: Mistake | None,
    today: date,
    confirmed: Collection[int] | None = (),
) -> list[Decided]:
    """Decide over every row; `confirmed` holds the numbers of rows whose doubts are confirmed, None means all."""
    certain = None if confirmed is None else frozenset(confirmed)
    judged = [
        _judged(
            row,
            stand=stands[row.card.register_id],
            judge=judge,
            closed=closed,
            today=today,
            is_confirmed=certain is None or row.number in certain,
        )
        if row.card and row.fate is RowFate.EMPTY
        else row
        for row in rows
    ]
    return _meters_whole(judged, register=register, stands=stands)


def _found(number: int, line: FileLine, register: Register) -> Decided:
    found = register.find(line)
    if isinstance(found, RowProblem):
        fate = RowFate.REFUSED if line.raw or line.flag else RowFate.EMPTY
        return Decided(number, line, None, fate, problems=(found,))
    return Decided(number, line, found, RowFate.EMPTY)


def _without_twins(rows: Sequence[Decided]) -> list[Decided]:
    """Take one of equal rows; of a register's rows that say different things nobody knows which is meant."""
    named = [(row.card.register_id, row) for row in rows if row.card and (row.line.raw or row.line.flag)]
    if len({register for register, _ in named}) == len(named):
        return list(rows)
    of_register: defaultdict[str, list[Decided]] = defaultdict(list)
    for register, row in named:
        of_register[register].append(row)
    changed: dict[int, Decided] = {}
    for twins in of_register.values():
        if len(twins) > 1:
            changed |= {row.number: row for row in _parted(twins)}
    return [changed.get(row.number, row) for row in rows]


def _parted(twins: Sequence[Decided]) -> Iterable[Decided]:
    first, *others = twins
    if len({row.line.raw for row in twins}) > 1:
        for row in twins:
            other = others[0] if row is first else first
            yield row._replace(fate=RowFate.REFUSED, problems=(RowProblem.DUPLICATE,), facts=_place(other.line))
    else:
        for row in others:
            yield row._replace(fate=RowFate.UNCHANGED, problems=(RowProblem.DUPLICATE,), facts=_place(first.line))


def _place(line: FileLine) -> str:
    return f"{line.sheet}!{line.column}{line.row}"


def _judged(
    row: Decided,
    *,
    stand: Stand,
    judge: Judge,
    closed: Mistake | None,
    today: date,
    is_confirmed: bool,
) -> Decided:
    card, line = row.card, row.line
    if card is None:
        return row
    if line.flag in _NO_NUMBER and (line.raw or line.flag == CellFlag.ERROR):
        return row._replace(fate=RowFate.REFUSED, problems=(line.flag,))
    if not line.raw:
        is_hidden = line.flag in {CellFlag.FORMULA, CellFlag.MERGED}
        return row._replace(fate=RowFate.REFUSED, problems=(line.flag,)) if is_hidden else row
    verdict = judge(card, line.raw)
    doubts = verdict.to_confirm
    fate, problems = fates.fate_of(
        verdict,
        confirmed=frozenset(doubts) if is_confirmed else frozenset(),
        closed=closed or (None if card.point_status == card.meter_status == LIVE else Mistake.ENTRY_CLOSED),
        sent_value=stand.sent_value,
    )
    is_unverified = card.verification_due is not None and card.verification_due <= today
    notes = (*verdict.hints, *((Mistake.VERIFICATION_EXPIRED,) if is_unverified else ()))
    if fate is Fate.SENT and line.flag == CellFlag.FORMULA and not is_confirmed:
        # A formula's number may be older than what it was counted from.
        fate, problems = Fate.TO_CONFIRM, ()
    extra = (RowProblem.FORMULA,) if line.flag == CellFlag.FORMULA and fate is Fate.TO_CONFIRM else ()
    return Decided(
        row.number,
        line,
        card,
        _FATES[fate],
        problems=(*problems, *extra),
        notes=notes,
        suggestions=verdict.suggestions,
        value=verdict.value,
    )


def _meters_whole(rows: Sequence[Decided], *, register: Register, stands: Mapping[str, Stand]) -> list[Decided]:
    """Hold back what would leave a meter without some of its registers (READ-11)."""
    of_meter: defaultdict[str, list[Decided]] = defaultdict(list)
    for row in rows:
        if row.card and len(register.of_meter(row.card.meter_id)) > 1:
            of_meter[row.card.meter_id].append(row)
    changed: dict[int, Decided] = {}
    for meter_id, own in of_meter.items():
        cards = register.of_meter(meter_id)
        if any(row.fate is not RowFate.EMPTY for row in own):
            changed |= {row.number: row for row in _held(own, cards=cards, stands=stands)}
    return [changed.get(row.number, row) for row in rows]


def _held(own: Sequence[Decided], *, cards: Sequence[Card], stands: Mapping[str, Stand]) -> Iterable[Decided]:
    filled = {row.card.register_id for row in own if row.card and row.fate in _HAS_READING}
    missing = [card for card in cards if card.register_id not in filled and stands[card.register_id].sent_value is None]
    if not missing:
        return
    lacking = {card.register_id for card in missing}
    names = ", ".join(f"{card.quantity}/{card.zone}" for card in missing)
    for row in own:
        if row.fate is RowFate.SENT:
            yield row._replace(fate=RowFate.HELD, problems=(RowProblem.INCOMPLETE,), facts=names)
        elif row.fate is RowFate.EMPTY and row.card and row.card.register_id in lacking:
            yield row._replace(fate=RowFate.REFUSED, problems=(RowProblem.FILL_IN,))
