"""Rows of volumes as their page shows them: finished strings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from kabinet.kernel.formats import format_number
from kabinet.readings.forms import TypedPage
from kabinet.readings.rules import volumes
from kabinet.readings.selectors.volumes import VolumeLine, VolumeSheet
from kabinet.readings.values import Difference, Fate, Mistake, Outcome, TypedDifference
from kabinet.readings.views import volume_words
from kabinet.readings.views.blocks import Block, block_around, day_words, language, source_of, value_in


@dataclass(frozen=True, slots=True)
class Helper:
    """The helper of one row: what stands in its fields, and what it says."""

    meter_number: str
    earlier: str
    later: str
    says: str
    problem: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One supply point of the page."""

    id: str
    address: str
    previous: str
    previous_on: str
    previous_source: str
    value: str
    is_disabled: bool
    errors: tuple[str, ...]
    doubt: str
    doubt_code: str
    notes: tuple[str, ...]
    state: str
    state_reason: str
    helper: Helper

    @property
    def field(self) -> str:
        return f"volume-{self.id}"

    @property
    def title(self) -> str:
        return self.address

    @property
    def anchor(self) -> str:
        return f"id_{self.field}"

    @property
    def problems(self) -> tuple[str, ...]:
        return (*self.errors, self.doubt) if self.doubt else self.errors


def block_of(sheet: VolumeSheet, *, today: date, typed: TypedPage | None, outcomes: Sequence[Outcome]) -> Block[Row]:
    """Return a contract's block; a typed value stays in its field whatever became of it."""
    of_point = {outcome.row_id: outcome for outcome in outcomes}
    rows = tuple(_row(line, sheet=sheet, typed=typed, outcome=of_point.get(line.row_id)) for line in sheet.lines)
    return block_around(rows, sheet=sheet, today=today)


def _row(line: VolumeLine, *, sheet: VolumeSheet, typed: TypedPage | None, outcome: Outcome | None) -> Row:
    is_refused = outcome is not None and outcome.fate is Fate.REFUSED
    is_doubtful = outcome is not None and outcome.fate is Fate.TO_CONFIRM
    counted = _counted(line, typed)
    return Row(
        id=str(line.point.pk),
        address=line.point.address,
        previous=_shown(line.previous.value) if line.previous else "",
        previous_on=day_words(line.previous.taken_on) if line.previous else "",
        previous_source=source_of(line),
        value=_plain(counted.volume)
        if counted and counted.volume is not None
        else _value(line, typed, closed=sheet.closed),
        is_disabled=not (sheet.is_open and line.is_live),
        errors=tuple(map(volume_words.refusal, outcome.problems)) if outcome and is_refused else (),
        doubt=volume_words.doubt() if is_doubtful else "",
        doubt_code=outcome.problems[0] if outcome and is_doubtful else "",
        notes=tuple(map(volume_words.note, outcome.notes)) if outcome else _warnings(line),
        state=line.sent.state if line.sent else "",
        state_reason=line.sent.reason if line.sent else "",
        helper=_helper(line, typed=typed, counted=counted),
    )


def _warnings(line: VolumeLine) -> tuple[str, ...]:
    """Say what is doubtful about a draft: it is kept all the same (READ-04)."""
    if not line.draft:
        return ()
    verdict = line.verdict_on(line.draft)
    return (*map(volume_words.refusal, verdict.blocking), *(volume_words.doubt() for _ in verdict.to_confirm))


def _counted(line: VolumeLine, typed: TypedPage | None) -> Difference | None:
    """Return what the helper of this row counted, if it was asked."""
    if typed is None or typed.counted != line.point.pk or line.point.pk not in typed.helpers:
        return None
    earlier, later = typed.helpers[line.point.pk]
    return volumes.difference(TypedDifference(earlier, later, line.dial.integer_digits), usual=line.usual)


def _helper(line: VolumeLine, *, typed: TypedPage | None, counted: Difference | None) -> Helper:
    known = line.meter.showed if line.meter else None
    earlier, later = typed.helpers.get(line.point.pk, ("", "")) if typed else ("", "")
    return Helper(
        meter_number=line.meter.number if line.meter else "",
        earlier=earlier or ("" if known is None else _plain(known)),
        later=later,
        says=_says(counted),
        problem=volume_words.helper_problem(counted.problem, digits=line.dial.integer_digits)
        if counted and counted.problem
        else "",
        is_open=counted is not None,
    )


def _says(counted: Difference | None) -> str:
    if counted is None or counted.volume is None:
        return ""
    volume = {"volume": _shown(counted.volume)}
    if counted.rolled_over:
        return _("Счётчик прошёл полный круг и начал с нуля. Объём %(volume)s м³ подставлен в поле.") % volume
    return _("Объём %(volume)s м³ подставлен в поле.") % volume


def _value(line: VolumeLine, typed: TypedPage | None, *, closed: Mistake | None) -> str:
    value = value_in(line, typed, closed=closed)
    return value if isinstance(value, str) else _plain(value)


def _plain(value: Decimal) -> str:
    """Write a number as one would type it."""
    text = format(value, "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")


def _shown(value: Decimal) -> str:
    return format_number(value, language(), places=volumes.DECIMALS)
