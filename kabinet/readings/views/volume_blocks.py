"""A sheet of volumes as its page shows it: finished strings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kabinet.infra import ids
from kabinet.kernel.formats import format_day, format_month, format_number
from kabinet.readings.forms import TypedVolumes
from kabinet.readings.models import EFFECTIVE
from kabinet.readings.rules import volumes
from kabinet.readings.selectors.volumes import VolumeLine, VolumeSheet
from kabinet.readings.values import Difference, Fate, Mistake, TypedDifference, VolumeOutcome, WindowState
from kabinet.readings.views import volume_words, words


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


@dataclass(frozen=True, slots=True)
class Block:
    """One contract of the page."""

    id: str
    customer_name: str
    number: str
    deadline_day: int | None
    period: str
    deadline: str
    opens: str
    closes: str
    usual_closes: str
    today: str
    closed: Mistake | None
    is_before: bool
    key: str
    rows: tuple[Row, ...]


def block_of(
    sheet: VolumeSheet, *, today: date, typed: TypedVolumes | None, outcomes: Sequence[VolumeOutcome]
) -> Block:
    """Return a contract's block; a typed value stays in its field whatever became of it."""
    window = sheet.window
    of_point = {outcome.point_id: outcome for outcome in outcomes}
    return Block(
        id=str(sheet.contract.pk),
        customer_name=sheet.contract.customer_name,
        number=sheet.contract.customer_number,
        deadline_day=sheet.contract.deadline_day,
        period=format_month(window.month, _language()),
        deadline=_day(window.deadline),
        opens=_day(window.opens),
        closes=_day(window.closes),
        usual_closes=_day(window.usual_closes),
        today=_day(today),
        closed=sheet.closed,
        is_before=window.state_on(today) is WindowState.NOT_YET,
        key=str(ids.new()),
        rows=tuple(_row(line, sheet=sheet, typed=typed, outcome=of_point.get(line.point.pk)) for line in sheet.lines),
    )


def _row(line: VolumeLine, *, sheet: VolumeSheet, typed: TypedVolumes | None, outcome: VolumeOutcome | None) -> Row:
    is_refused = outcome is not None and outcome.fate is Fate.REFUSED
    is_doubtful = outcome is not None and outcome.fate is Fate.TO_CONFIRM
    counted = _counted(line, typed)
    return Row(
        id=str(line.point.pk),
        address=line.point.address,
        previous=_shown(line.previous.value) if line.previous else "",
        previous_on=_day(line.previous.taken_on) if line.previous else "",
        previous_source=_source(line),
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


def _counted(line: VolumeLine, typed: TypedVolumes | None) -> Difference | None:
    """Return what the helper of this row counted, if it was asked."""
    if typed is None or typed.counted != line.point.pk or line.point.pk not in typed.helpers:
        return None
    earlier, later = typed.helpers[line.point.pk]
    return volumes.difference(TypedDifference(earlier, later, line.dial.integer_digits), usual=line.usual)


def _helper(line: VolumeLine, *, typed: TypedVolumes | None, counted: Difference | None) -> Helper:
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


def _value(line: VolumeLine, typed: TypedVolumes | None, *, closed: Mistake | None) -> str:
    """Return what stands in the field: typed now, else the draft, else what was sent until the period ends."""
    raw = typed.raw_of(line.point.pk) if typed else None
    if raw is not None:
        return raw
    if closed is Mistake.PERIOD_CLOSED:
        return ""
    if line.draft or line.sent is None:
        return line.draft
    return _plain(line.sent.value) if line.sent.state in EFFECTIVE else line.sent.raw


def _source(line: VolumeLine) -> str:
    if line.previous is None:
        return ""
    return words.source(line.previous.source if line.previous.is_accepted else "sent")


def _plain(value: Decimal) -> str:
    """Write a number as one would type it."""
    text = format(value, "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")


def _shown(value: Decimal) -> str:
    return format_number(value, _language(), places=volumes.DECIMALS)


def _day(day: date | None) -> str:
    return format_day(day, _language()) if day else ""


def _language() -> str:
    return get_language() or "ru"
