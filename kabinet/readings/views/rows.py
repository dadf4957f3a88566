"""Rows of readings as their page shows them: finished strings and dials."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from kabinet.kernel.digits import pad
from kabinet.kernel.formats import format_number
from kabinet.readings.forms import TypedPage
from kabinet.readings.selectors.sheets import Line, Sheet
from kabinet.readings.values import Fate, Mistake, Outcome
from kabinet.readings.views import words
from kabinet.readings.views.blocks import Block, block_around, day_words, language, source_of, value_in
from kabinet.web.components import Dial, DialDrawing
from kabinet.web.shapes import CODE
from kabinet.web.templatetags.keeping import kept_text


@dataclass(frozen=True, slots=True)
class Doubt:
    """A mistake that the sender may confirm."""

    code: Mistake
    words: str


@dataclass(frozen=True, slots=True)
class Row:
    """One register of the page."""

    id: str
    meter_number: str
    address: str
    make: str
    verification_due: str
    is_unverified: bool
    replaces: str
    previous: str
    previous_on: str
    previous_source: str
    dial: Dial
    state: str = field(metadata=CODE)
    state_reason: str
    doubts: tuple[Doubt, ...]
    suggestions: tuple[str, ...]

    @property
    def title(self) -> str:
        return f"№ {self.meter_number}"

    @property
    def anchor(self) -> str:
        return self.dial.id

    @property
    def problems(self) -> tuple[str, ...]:
        return *self.dial.errors, *(doubt.words for doubt in self.doubts)


def block_of(sheet: Sheet[Line], *, today: date, typed: TypedPage | None, outcomes: Sequence[Outcome]) -> Block[Row]:
    """Return a contract's block; a typed value stays in its field whatever became of it."""
    of_register = {outcome.row_id: outcome for outcome in outcomes}
    rows = tuple(
        _row(line, sheet=sheet, today=today, typed=typed, outcome=of_register.get(line.row_id)) for line in sheet.lines
    )
    return block_around(rows, sheet=sheet, today=today, drawing=_drawing(sheet))


def blocks_held(blocks: Sequence[Block[Row]]) -> str:
    """Return the blocks as the page holds them."""
    return "".join(map(_held, blocks))


def _held(block: Block[Row]) -> str:
    rows = "".join(kept_text("readings/_row.html", {"row": row, "today": block.today}) for row in block.rows)
    return kept_text("readings/_block.html", {"block": block}, held=rows)


def _row(line: Line, *, sheet: Sheet[Line], today: date, typed: TypedPage | None, outcome: Outcome | None) -> Row:
    is_refused = outcome is not None and outcome.fate is Fate.REFUSED
    is_doubtful = outcome is not None and outcome.fate is Fate.TO_CONFIRM
    problems = outcome.problems if outcome else ()
    digits = line.register.integer_digits
    return Row(
        id=str(line.register.pk),
        meter_number=line.meter.number,
        address=line.meter.point.address,
        make=line.meter.make,
        verification_due=day_words(line.meter.verification_due),
        is_unverified=line.is_unverified_on(today),
        replaces=line.replaces,
        previous=_shown(line.previous.value, line) if line.previous else "",
        previous_on=day_words(line.previous.taken_on) if line.previous else "",
        previous_source=source_of(line),
        dial=_dial(
            line,
            value=_value(line, typed, closed=sheet.closed),
            is_disabled=not (sheet.is_open and line.is_live),
            errors=tuple(words.refusal(code, digits=digits) for code in problems) if is_refused else (),
            hints=words.notes(outcome.notes) if outcome else _warnings(line),
        ),
        state=line.sent.state if line.sent else "",
        state_reason=line.sent.reason if line.sent else "",
        doubts=tuple(Doubt(code, words.doubt(code)) for code in problems) if is_doubtful else (),
        suggestions=outcome.suggestions if outcome and (is_refused or is_doubtful) else (),
    )


def _dial(line: Line, *, value: str, is_disabled: bool, errors: tuple[str, ...], hints: tuple[str, ...]) -> Dial:
    register = line.register
    return Dial(
        name=f"value-{register.pk}",
        label=_("Текущее показание прибора учёта"),
        whole=register.integer_digits,
        fraction=register.fraction_digits,
        value=value,
        unit="м³",
        previous_value=str(int(line.previous.value)) if line.previous else "",
        consumption=_consumption(line, value),
        limit=str(int(line.limits.physical)) if line.limits.physical is not None else "",
        usual=str(int(line.limits.usual)),
        errors=errors,
        hints=hints,
        is_disabled=is_disabled,
        is_label_shown=True,
    )


def _warnings(line: Line) -> tuple[str, ...]:
    """Say what is doubtful about a draft: it is kept all the same (READ-01)."""
    if not line.draft:
        return ()
    verdict = line.verdict_on(line.draft)
    wrong = (words.refusal(code, digits=line.register.integer_digits) for code in verdict.blocking)
    return (*wrong, *map(words.doubt, verdict.to_confirm))


def _drawing(sheet: Sheet[Line]) -> DialDrawing | None:
    """Draw the dial of the contract's first meter, with its own digits (READ-17)."""
    line = next((line for line in sheet.lines if line.register.fraction_digits), None)
    if line is None:
        return None
    whole = _shown(line.previous.value, line) if line.previous else "0" * line.register.integer_digits
    red = "417"[: line.register.fraction_digits]
    return DialDrawing(len(whole), len(red), tuple(f"{whole}{red}"))


def _value(line: Line, typed: TypedPage | None, *, closed: Mistake | None) -> str:
    value = value_in(line, typed, closed=closed)
    return value if isinstance(value, str) else _shown(value, line)


def _shown(value: Decimal, line: Line) -> str:
    """Write a value as the dial does; one that the dial cannot show is written plainly."""
    try:
        return pad(value, line.register.integer_digits)
    except ValueError:
        return str(value.to_integral_value())


def _consumption(line: Line, raw: str) -> str:
    consumption = line.verdict_on(raw).consumption if raw else None
    if consumption is None or consumption < 0:
        return ""
    return _("Расход: %(amount)s м³") % {"amount": format_number(consumption, language())}
