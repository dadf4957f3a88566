"""Supply points, meters and registers as «Показания» shows them: finished strings."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from kabinet.contracts.models import Meter, SupplyPoint
from kabinet.contracts.values import EntryStatus
from kabinet.kernel.formats import format_number
from kabinet.readings.letters import file_words
from kabinet.readings.models import EFFECTIVE
from kabinet.readings.rules import consumption, mistakes
from kabinet.readings.selectors.sheets import Line, Sheet
from kabinet.readings.values import Dial, Fate, Mistake, Outcome, Stretch
from kabinet.readings.values.points import PointStand
from kabinet.readings.views import point_words, words
from kabinet.readings.views.blocks import day_words, language, source_of
from kabinet.readings.views.rows import Doubt


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in a field in place of what is known: the text, and the sent value that its sender saw."""

    raw: str
    was: str


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One field of the page."""

    id: str
    name: str
    unit: str
    quantity: str
    dial: Dial
    previous: str
    previous_on: str
    previous_source: str
    previous_value: str
    ratio: str
    usual: str
    value: str
    was: str
    kept: str
    run: Decimal | None
    is_closed: bool
    state: str
    reason: str
    errors: tuple[str, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    hints: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()

    @property
    def anchor(self) -> str:
        return f"id_value-{self.id}"

    @property
    def problems(self) -> tuple[str, ...]:
        return *self.errors, *(doubt.words for doubt in self.doubts)

    @property
    def consumption(self) -> str:
        return "" if self.run is None else _amount(self.run, self.unit)


@dataclass(frozen=True, slots=True)
class Total:
    """What a meter ran over the zones of a quantity; empty while a zone is missing."""

    quantity: str
    name: str
    amount: str


@dataclass(frozen=True, slots=True)
class MeterRow:
    """A meter with its registers."""

    id: str
    number: str
    url: str
    facts: tuple[str, ...]
    status: str
    is_closed: bool
    verification: str
    rows: tuple[RegisterRow, ...]
    totals: tuple[Total, ...]


@dataclass(frozen=True, slots=True)
class PointRow:
    """A supply point of the list; folded it has no meters."""

    id: str
    code: str
    name: str
    address: str
    status: str
    is_waiting: bool
    stand: PointStand
    progress: str
    is_open: bool
    url: str
    meters: tuple[MeterRow, ...] = ()
    beside: int = 0


@dataclass(frozen=True, slots=True)
class Said:
    """What is said over the fields: typed values and what became of rows."""

    typed: Mapping[UUID, Typed]
    outcomes: Mapping[UUID, Outcome]


def point_row(
    point: SupplyPoint,
    meters: Sequence[Meter],
    *,
    sheet: Sheet[Line],
    stand: PointStand,
    said: Said,
    is_open: bool,
    today: date,
) -> PointRow:
    """Return a supply point with those of its meters that are shown."""
    code = _status_code(point.entry_status, sheet)
    shown = tuple(meter_row(meter, sheet=sheet, said=said, today=today) for meter in meters)
    return PointRow(
        id=str(point.pk),
        code=point.code,
        name=point.name,
        address=point.address,
        status=file_words.status(code),
        is_waiting=code == EntryStatus.AWAITING,
        stand=stand,
        progress=point_words.progress(stand),
        is_open=is_open,
        url=reverse("readings:point", args=[point.pk]),
        meters=shown,
        beside=stand.meters - len(shown) if shown else 0,
    )


def meter_row(meter: Meter, *, sheet: Sheet[Line], said: Said, today: date) -> MeterRow:
    lines = [line for line in sheet.lines if line.meter.pk == meter.pk]
    own = meter.point.entry_status if meter.point.entry_status != EntryStatus.AWAITING else meter.entry_status
    code = _status_code(own, sheet)
    is_closed = code != EntryStatus.AWAITING
    rows = tuple(_register_row(line, said=said, is_closed=is_closed, sheet=sheet) for line in lines)
    return MeterRow(
        id=str(meter.pk),
        number=meter.number,
        url=reverse("readings:meter", args=[meter.pk]),
        facts=tuple(_facts(meter)),
        status=file_words.status(code),
        is_closed=is_closed,
        verification=point_words.verification(meter.verification_due, today=today),
        rows=rows,
        totals=tuple(_totals(rows)),
    )


def _facts(meter: Meter) -> Iterable[str]:
    """Tell what helps to know a meter by; a ratio of one says nothing."""
    if meter.make:
        yield meter.make
    if meter.complex_name:
        yield meter.complex_name
    if meter.ratio != 1:
        yield _("коэффициент %(ratio)s") % {"ratio": format_number(meter.ratio, language())}
    if replaced := next(iter(meter.replaces.all()), None):
        yield _("заменил прибор № %(number)s") % {"number": replaced.number}


def _status_code(code: str, sheet: Sheet[Line]) -> EntryStatus:
    """Return what stands in the way: a closed period before all, then billing's own word."""
    return EntryStatus(code) if sheet.is_open else EntryStatus.PERIOD_CLOSED


def _register_row(line: Line, *, sheet: Sheet[Line], said: Said, is_closed: bool) -> RegisterRow:
    outcome, typed = said.outcomes.get(line.row_id), said.typed.get(line.row_id)
    is_over = sheet.closed is Mistake.PERIOD_CLOSED
    was = _sent(line) if not is_over else ""
    kept = line.draft if not is_over else ""
    value = typed.raw if typed else kept or was or (line.sent.raw if line.sent and not is_over else "")
    problems = outcome.problems if outcome else ()
    is_refused = outcome is not None and outcome.fate is Fate.REFUSED
    is_doubtful = outcome is not None and outcome.fate is Fate.TO_CONFIRM
    state = "draft" if kept and not (typed or outcome) else (line.sent.state if line.sent and not is_over else "")
    unit = point_words.unit(line.register.quantity)
    return RegisterRow(
        id=str(line.row_id),
        name=point_words.register(line.register),
        unit=unit,
        quantity=line.register.quantity,
        dial=line.dial,
        previous=figures(line.previous.value, line.dial) if line.previous else "",
        previous_on=day_words(line.previous.taken_on) if line.previous else "",
        previous_source=source_of(line),
        previous_value=_plain(line.previous.value) if line.previous else "",
        ratio=_plain(line.meter.ratio),
        usual=_plain(line.limits.usual),
        value=value,
        was=typed.was if typed else was,
        kept=kept,
        run=_run(line, value),
        is_closed=is_closed,
        state=state,
        reason=line.sent.reason if line.sent and state == line.sent.state else "",
        errors=tuple(point_words.refusal(code, dial=line.dial) for code in problems) if is_refused else (),
        doubts=tuple(Doubt(code, point_words.doubt(code)) for code in problems) if is_doubtful else (),
        hints=_hints(line, outcome, value=value, is_draft=state == "draft"),
        suggestions=tuple(map(_local, outcome.suggestions)) if outcome and (is_refused or is_doubtful) else (),
    )


def _sent(line: Line) -> str:
    return figures(line.sent.value, line.dial) if line.sent and line.sent.state in EFFECTIVE else ""


def _hints(line: Line, outcome: Outcome | None, *, value: str, is_draft: bool) -> tuple[str, ...]:
    """Say what was noted of what was sent, or what is doubtful about a draft: it is kept all the same."""
    if outcome:
        return words.notes(outcome.notes)
    if not is_draft:
        return ()
    verdict = line.verdict_on(value)
    wrong = (point_words.refusal(code, dial=line.dial) for code in verdict.blocking)
    return (*wrong, *map(point_words.doubt, verdict.to_confirm))


def _run(line: Line, raw: str) -> Decimal | None:
    """Return what the register ran, the ratio last; nothing where the value is none, or below the previous one."""
    run = line.verdict_on(raw).consumption if raw else None
    if run is None or run < 0:
        return None
    return consumption.register_consumption(Stretch(Decimal(0), run, line.meter.ratio)).consumption


def _totals(rows: Sequence[RegisterRow]) -> Iterable[Total]:
    """Add up the zones of each quantity that has several; directions of energy are never added."""
    for quantity, zones in groupby(rows, key=lambda row: row.quantity):
        runs = [(row.run, row.unit) for row in zones]
        if len(runs) > 1:
            told = [run for run, _unit in runs if run is not None]
            total = sum(told, Decimal(0))
            yield Total(quantity, quantity, _amount(total, runs[0][1]) if len(told) == len(runs) else "")


def figures(value: Decimal, dial: Dial) -> str:
    """Write a value as the dial shows it, in the page's language; one that the dial cannot show, plainly."""
    try:
        return _local(mistakes.shown(value, dial))
    except ValueError:
        return _local(_plain(value))


def _local(text: str) -> str:
    return text.replace(".", ",") if language() == "ru" else text


def _plain(value: Decimal) -> str:
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _amount(value: Decimal, unit: str) -> str:
    return f"{format_number(value, language())} {unit}"
