"""«Калькулятор»: the sum for electricity of a month (CALC-01). It only informs, and is open to everybody."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from kabinet.accounts.http import AccountRequest
from kabinet.billing.forms.calculators import CalculatorForm
from kabinet.billing.selectors import calculators as selectors
from kabinet.contracts.models import Contract
from kabinet.contracts.values import Zone
from kabinet.infra import clock
from kabinet.kernel.periods import Month
from kabinet.providers.http import opened_by
from kabinet.providers.values import Section
from kabinet.tariffs.values import Calculation, ChargeLine
from kabinet.tariffs.values.calculators import Lacking, NothingHolds

ZONE_WORDS = {
    Zone.SINGLE: gettext_lazy("день"),
    Zone.DAY: gettext_lazy("день"),
    Zone.PEAK: gettext_lazy("день (пик)"),
    Zone.NIGHT: gettext_lazy("ночь"),
    Zone.HALF_PEAK: gettext_lazy("полупик"),
}


@opened_by(Section.CALCULATOR)
@require_safe
def calculator(request: AccountRequest) -> HttpResponse:
    """Show the form, filled from the account where there is one, and the sum where everything is given."""
    today = clock.today(request.provider.row.zone)
    households = selectors.households_of(getattr(request, "viewer", None))
    chosen = _chosen(households, request.GET.get("contract", ""))
    known = selectors.prefilled(chosen, month=Month.of(today), today=today) if chosen else None
    form = CalculatorForm(request.GET if "meter" in request.GET else None, today=today, known=known)
    facts: dict[str, Any] = {
        "form": form,
        "households": households,
        "chosen": chosen,
        # While somebody types, what is not typed yet is no mistake.
        "is_live": "live" in request.GET,
    }
    if form.is_bound and form.is_valid():
        facts |= _answer(form, request)
    elif facts["is_live"]:
        facts["form"] = CalculatorForm(today=today, known=known, typed=request.GET.dict())
    return render(request, "billing/calculator.html", facts)


def _chosen(households: list[Contract], wanted: str) -> Contract | None:
    """Return the account that is named, or the first; one that is not the person's is as good as none named."""
    named = (contract for contract in households if str(contract.pk) == wanted)
    return next(named, households[0] if households else None)


def _answer(form: CalculatorForm, request: AccountRequest) -> dict[str, Any]:
    try:
        priced = selectors.calculation_of(form.value(), provider_id=request.provider.row.pk)
    except NothingHolds as nothing:
        return {"lacking": lacking_words(nothing)}
    return {
        "calculation": priced,
        "lines": [_line(line) for line in priced.lines],
        "by_norm": _is_by_norm(priced),
        "has_ranges": any((line.range_number or 1) > 1 for line in priced.lines),
    }


def _line(line: ChargeLine) -> dict[str, Any]:
    return {"line": line, "zone": ZONE_WORDS.get(Zone(line.zone), "") if line.zone else "", "price": line.price}


def _is_by_norm(priced: Calculation) -> bool:
    return not any(line.zone for line in priced.lines)


def lacking_words(nothing: NothingHolds) -> str:
    """Say what is not set for the month, and what to do."""
    match nothing.lacking:
        case Lacking.PRICE:
            return _("На эту дату тариф не задан. Выберите другой месяц или тип прибора учёта.")
        case Lacking.NORM:
            return _("На эту дату норматив не задан. Выберите другой месяц.")
        case Lacking.AREA:
            return _("Площадь квартиры нам не известна, посчитать нельзя. Напишите поставщику, и её внесут.")
        case Lacking.HOUSE_VOLUME:
            return _("За этот месяц показаний коллективного прибора учета у поставщика нет. Посчитайте по нормативу.")
