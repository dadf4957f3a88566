"""The page of a meter, opened by its number (READ-10, READ-19)."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kabinet.accounts.http import signed_in
from kabinet.contracts.http import Request, for_role
from kabinet.contracts.models import Meter, Register
from kabinet.contracts.values import Action
from kabinet.infra import clock
from kabinet.kernel.formats import format_number
from kabinet.providers.http import opened_by
from kabinet.providers.values import Section
from kabinet.readings.letters import file_words
from kabinet.readings.selectors.meters import meter_of
from kabinet.readings.views import point_words
from kabinet.readings.views.blocks import day_words, language

Facts = list[tuple[str, str]]


@opened_by(Section.POINT_READINGS)
@signed_in
@require_safe
@for_role(Action.SEE_READINGS)
def meter(request: Request, meter_id: UUID) -> HttpResponse:
    found = meter_of(request.viewer, meter_id)
    if found is None:
        raise Http404
    today = clock.today(request.provider.row.zone)
    facts = {
        "meter": found,
        "point": found.point,
        "contract": found.contract,
        "technical": _technical(found),
        "settlement": _settlement(found),
        "verification": point_words.verification(found.verification_due, today=today),
    }
    return render(request, "readings/meter.html", facts)


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
