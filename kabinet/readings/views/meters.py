"""The page of a meter, opened by its number (READ-05, READ-10, READ-19)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kabinet.accounts.http import signed_in
from kabinet.contracts.http import Request, for_role
from kabinet.contracts.models import Meter, Register
from kabinet.contracts.values import Action, Quantity
from kabinet.infra import clock
from kabinet.kernel.formats import format_month, format_number
from kabinet.kernel.periods import Month
from kabinet.providers.http import opened_by
from kabinet.providers.values import Section
from kabinet.readings.letters import file_words
from kabinet.readings.selectors.meters import MeterStory, MonthOfMeter, story_of
from kabinet.readings.views import point_words
from kabinet.readings.views.blocks import day_words, language
from kabinet.readings.views.charts import Chart, Column, chart_of
from kabinet.readings.views.history import reading_row

Facts = list[tuple[str, str]]
READINGS_SHOWN: Final = 60


@dataclass(frozen=True, slots=True)
class MonthRow:
    """A month of the table under the chart: the same numbers."""

    month: str
    runs: tuple[str, ...]
    note: str


@opened_by(Section.POINT_READINGS, Section.ARCHIVE)
@signed_in
@require_safe
@for_role(Action.SEE_READINGS)
def meter(request: Request, meter_id: UUID) -> HttpResponse:
    """Show what a meter is, what became of it, what was read of it and what it ran."""
    today = clock.today(request.provider.row.zone)
    story = story_of(request.viewer, meter_id, this=Month.of(today))
    if story is None:
        raise Http404
    found = story.meter
    has_points = Section.POINT_READINGS in request.provider.policy.sections
    facts = {
        "has_points": has_points,
        "meter": found,
        "point": found.point,
        "contract": found.contract,
        "technical": _technical(found),
        "settlement": _settlement(found) if has_points else [],
        "verification": point_words.verification(found.verification_due, today=today),
        "events": list(_events(story)),
        "charts": list(filter(None, (_chart(story, quantity) for quantity in story.quantities))),
        "quantities": [f"{_name(quantity)}, {point_words.unit(quantity)}" for quantity in story.quantities],
        "months": [_month_row(month, story.quantities) for month in story.months],
        "rows": [reading_row(line) for line in story.lines[:READINGS_SHOWN]],
        "history_url": _history_of(found) if has_points else _archive_of(found),
    }
    return render(request, "readings/meter.html", facts)


def _history_of(meter: Meter) -> str:
    """Return where the history shows the meter folded open."""
    told = {"contract": meter.contract_id, "q": meter.point.code, "open": meter.point_id, "meter": meter.pk}
    return f"{reverse('readings:history')}?{urlencode(told)}"


def _archive_of(meter: Meter) -> str:
    """Return where the archive shows the meter's address."""
    return f"{reverse('readings:archive')}?{urlencode({'point': meter.point_id})}"


def _events(story: MeterStory) -> Iterator[tuple[str, str]]:
    """Tell the replacement and the times that a dial went round, each with its day or month."""
    meter = story.meter
    yield day_words(meter.valid_from), _("Прибор установлен")
    if replaced := next(iter(meter.replaces.all()), None):
        yield day_words(meter.valid_from), _("Заменил прибор № %(number)s") % {"number": replaced.number}
    for line in reversed(story.lines):
        if line.rolls_over:
            told = {"register": point_words.register(line.register)}
            yield day_words(line.taken_on), _("Показание прошло через ноль: %(register)s") % told
    if meter.valid_to:
        yield day_words(meter.valid_to), _("Прибор снят")
    if meter.replaced_by:
        yield day_words(meter.valid_to), _("Заменён на прибор № %(number)s") % {"number": meter.replaced_by.number}


def _chart(story: MeterStory, quantity: str) -> Chart | None:
    """Draw a quantity by months, the oldest at the left."""
    told = [(month, month.runs.get(quantity)) for month in reversed(story.months) if quantity in month.runs]
    unit = point_words.unit(quantity)
    columns = [
        Column(f"{month.month.month:02d}", amount, label=f"{_month_words(month)}: {_amount(amount, unit)}")
        for month, amount in told
    ]
    highest = max((amount for _month, amount in told if amount is not None), default=Decimal(0))
    title = _("Расход по месяцам: %(quantity)s") % {"quantity": _name(quantity)}
    return chart_of(quantity, columns, title=title, top=_amount(highest, unit))


def _month_row(month: MonthOfMeter, quantities: Sequence[str]) -> MonthRow:
    notes = []
    if month.months > 1:
        notes.append(_("за месяцев: %(count)d") % {"count": month.months})
    if month.rolled_over:
        notes.append(_("показание прошло через ноль"))
    runs = tuple(_amount(month.runs.get(quantity), "") for quantity in quantities)
    return MonthRow(_month_words(month), runs, ", ".join(notes))


def _month_words(month: MonthOfMeter) -> str:
    return format_month(month.month, language())


def _amount(amount: Decimal | None, unit: str) -> str:
    return "—" if amount is None else f"{format_number(amount, language())} {unit}".strip()


def _name(quantity: str) -> str:
    return _("Объём") if quantity == Quantity.VOLUME else quantity


def _technical(meter: Meter) -> Facts:
    return _told(
        [
            (_("Номер прибора учёта"), meter.number),
            (_("Марка прибора учёта"), meter.make),
            (_("Измерительный комплекс"), meter.complex_name),
            (_("Место установки"), meter.place),
            (_("Плановая дата поверки"), day_words(meter.verification_due)),
            (_("Установлен"), day_words(meter.valid_from)),
            (_("Снят"), day_words(meter.valid_to)),
            (_("Шкалы"), "; ".join(_dial(register) for register in _lasting(meter))),
        ]
    )


def _settlement(meter: Meter) -> Facts:
    return _told(
        [
            (_("Коэффициент трансформации"), format_number(meter.ratio, language())),
            (_("Статус точки поставки"), file_words.status(meter.point.entry_status)),
            (_("Статус прибора учёта"), file_words.status(meter.entry_status)),
            (_("Ценовая категория"), _category(meter.contract.price_category)),
        ]
    )


def _lasting(meter: Meter) -> list[Register]:
    """Return the registers that a meter has now, or had when it was taken away."""
    return [register for register in meter.registers.all() if register.valid_to is None or meter.valid_to]


def _dial(register: Register) -> str:
    """Write «A+, день: 6 цифр и 2 после запятой»."""
    told = {"name": point_words.register(register), "whole": register.integer_digits, "part": register.fraction_digits}
    if register.fraction_digits:
        return _("%(name)s: цифр %(whole)d, после запятой %(part)d") % told
    return _("%(name)s: цифр %(whole)d") % told


def _category(number: int | None) -> str:
    return ("", "I", "II", "III", "IV", "V", "VI")[number or 0]


def _told(facts: Facts) -> Facts:
    """Leave out what billing does not tell."""
    return [(label, value) for label, value in facts if value]
