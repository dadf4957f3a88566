"""«Личные данные» (CON-06): the account, its dials and prices, what months were made of; all to read."""

from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kabinet.accounts.http import signed_in
from kabinet.billing.selectors import months, runs
from kabinet.billing.selectors.slips import address_of, payer_of
from kabinet.billing.values.personal import Span, Tab
from kabinet.billing.views import personal_words, words
from kabinet.billing.views.chart import chart_of
from kabinet.billing.views.slip_sheet import lines_of
from kabinet.billing.views.slips import chosen_account, month_from
from kabinet.contracts.http import Request, contract_for
from kabinet.contracts.models import Contract
from kabinet.contracts.rules import rights
from kabinet.contracts.values import Action
from kabinet.infra import clock
from kabinet.kernel.periods import Month
from kabinet.providers.http import opened_by
from kabinet.providers.values import Section

MONTHS_AT_FIRST: Final = 12
MONTHS_AT_MOST: Final = 36


@opened_by(Section.PERSONAL_DATA)
@signed_in
@require_safe
def personal(request: Request) -> HttpResponse:
    """Show the account that the address names, or the first; who has none is told what to do."""
    accounts = list(months.accounts_of(request.viewer, action=Action.SEE_CONTRACT))
    account = chosen_account(accounts, request.GET.get("contract", ""))
    if account is None:
        return render(request, "billing/personal_none.html")
    return _page(request, account, Tab.ELECTRICITY)


@opened_by(Section.PERSONAL_DATA)
@signed_in
@require_safe
def personal_account(request: Request, contract_id: UUID, tab: str) -> HttpResponse:
    """Show a tab of an account over the chosen months."""
    if tab not in set(Tab):
        raise Http404
    return _page(request, contract_for(request, contract_id, action=Action.SEE_CONTRACT), Tab(tab))


def _page(request: Request, contract: Contract, tab: Tab) -> HttpResponse:
    today = Month.of(clock.today(request.provider.row.zone))
    first = months.first_month_of(request.viewer, contract.pk)
    span = _span(request, today=today)
    facts = {
        "accounts": list(months.accounts_of(request.viewer, action=Action.SEE_CONTRACT)),
        "account": contract,
        "about": personal_words.about(
            contract, payer=payer_of(contract, address=address_of(contract)), user=request.user
        ),
        "tab": tab.value,
        "is_loading": first is None and _may(request, contract, Action.SEE_DEBT),
        "since": str(span.since),
        "until": str(span.until),
        "months": [(str(month), words.month(month)) for month in _offered(first, today=today)],
    }
    facts |= _dials(request, contract, tab, span) | _money(request, contract, tab, span)
    return render(request, "billing/personal.html", facts)


def _span(request: Request, *, today: Month) -> Span:
    """Return the months asked for, no longer than a page bears; at first the last twelve."""
    until = month_from(request.GET.get("until", "")) or today
    since = month_from(request.GET.get("since", "")) or until.plus(1 - MONTHS_AT_FIRST)
    since, until = min(since, until), max(since, until)
    return Span(max(since, until.plus(1 - MONTHS_AT_MOST)), until)


def _offered(first: Month | None, *, today: Month) -> list[Month]:
    """Return the months to choose from, the newest first: those since billing tells of the account."""
    since = min(first or today, today.plus(1 - MONTHS_AT_FIRST))
    return [today.plus(-ago) for ago in range(today.months_since(since) + 1)]


def _dials(request: Request, contract: Contract, tab: Tab, span: Span) -> dict[str, Any]:
    """Return meters, prices in force and readings of a resource."""
    today = clock.today(request.provider.row.zone)
    meters = list(runs.meters_of(request.viewer, contract.pk).filter(resource=tab.resource))
    readings = runs.readings_of(request.viewer, contract.pk, resource=tab.resource, span=span)
    return {
        "meters": [personal_words.meter(one, today=today) for one in meters],
        "prices": personal_words.prices(contract, tab.resource, month=Month.of(today), meters=meters),
        "prices_of": words.month(Month.of(today)),
        "readings": [personal_words.reading(one, resource=tab.resource) for one in readings],
        "may_see_readings": _may(request, contract, Action.SEE_READINGS),
    }


def _money(request: Request, contract: Contract, tab: Tab, span: Span) -> dict[str, Any]:
    """Return the months of a resource, the chosen one with its lines, and the payments."""
    balances = months.balances_of(request.viewer, contract.pk, resource=tab.resource, span=span)
    payments = months.payments_of(request.viewer, contract.pk, resource=tab.resource, span=span)
    named = request.GET.get("month", "")
    shown = next(((month, each) for month, each in balances if str(month) == named), None)
    common = [personal_words.common_needs(month, each) for month, each in balances]
    return {
        "may_see_money": _may(request, contract, Action.SEE_DEBT),
        "rows": [personal_words.month_row(month, each) for month, each in balances],
        "zero": words.plain_money(Decimal(0)),
        "columns": [name for _code, name in words.sum_names()],
        "chart": chart_of(balances),
        "payments": [personal_words.payment(one) for one in payments],
        "common_needs": [row for row in common if row],
        "month": named if shown else "",
        "month_title": words.month(shown[0]) if shown else "",
        "month_sums": words.sums(shown[1].sums) if shown else [],
        "month_lines": lines_of(shown[1].lines) if shown else (),
        "month_together": words.plain_money(shown[1].together) if shown else "",
    }


def _may(request: Request, contract: Contract, action: Action) -> bool:
    role = request.viewer.role_on(contract.pk)
    return role is not None and rights.may(role, action)
