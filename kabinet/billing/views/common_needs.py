"""«Электроэнергия» → «ОДН»: how the common needs of a month were counted (CALC-02)."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kabinet.accounts.http import signed_in
from kabinet.billing.forms.calculators import CommonNeedsForm, month_word
from kabinet.billing.selectors import calculators as selectors
from kabinet.billing.views.calculator import lacking_words
from kabinet.contracts.http import Request, contract_for
from kabinet.contracts.models import Contract
from kabinet.contracts.values import Action
from kabinet.kernel.periods import Month
from kabinet.providers.http import opened_by
from kabinet.providers.values import Resource, Section
from kabinet.tariffs.models import HouseMonth
from kabinet.tariffs.selectors import house_months_of
from kabinet.tariffs.values.calculators import NothingHolds

DETAILS = "details"


@opened_by(Section.CALCULATOR)
@signed_in
@require_safe
def common_needs(request: Request, contract_id: UUID) -> HttpResponse:
    """Offer the months that billing told of, and count the one that is chosen."""
    contract = contract_for(request, contract_id, action=Action.SEE_CONTRACT)
    months = {Month.of(row.month): row for row in house_months_of(contract, Resource.ELECTRICITY)}
    newest = next(iter(months.values()), None)
    form = CommonNeedsForm(
        request.GET if "month" in request.GET else None,
        months=list(months),
        has_house_meter=bool(newest and newest.has_house_meter),
    )
    facts: dict[str, Any] = {"contract": contract, "form": form, "has_months": bool(months)}
    if form.is_bound and form.is_valid():
        facts |= _answer(contract, months[form.cleaned_data["month"]], form)
        facts["is_detailed"] = request.GET.get("do") == DETAILS
    return render(request, "billing/common_needs.html", facts)


def _answer(contract: Contract, month: HouseMonth, form: CommonNeedsForm) -> dict[str, Any]:
    by_house_meter = form.cleaned_data["house_meter"] == "yes"
    try:
        sheet = selectors.common_needs_of(contract, month, by_house_meter=by_house_meter)
    except NothingHolds as nothing:
        return {"lacking": lacking_words(nothing)}
    return {
        "sheet": sheet,
        "month_word": month_word(sheet.month),
        "address": contract.house.address if contract.house else "",
        "is_otherwise": month.has_house_meter is not by_house_meter,
        "has_house_meter": month.has_house_meter,
    }
