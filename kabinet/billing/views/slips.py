"""«Печать квитанции» (PAY-04): choose account and month, look, print."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.http import content_disposition_header
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kabinet.accounts.http import signed_in
from kabinet.billing.formats import payment_qr, slip_pdf
from kabinet.billing.formats.payment_qr import QrRefused
from kabinet.billing.selectors import months, slips
from kabinet.billing.services import slips as services
from kabinet.billing.values.slips import Slip
from kabinet.billing.views import slip_sheet, words
from kabinet.contracts.http import Request, for_role
from kabinet.contracts.models import Contract
from kabinet.contracts.values import Action
from kabinet.infra.loads import Load, weighs
from kabinet.kernel.formats import RUSSIAN
from kabinet.kernel.periods import Month
from kabinet.providers.http import opened_by
from kabinet.providers.models import Provider
from kabinet.providers.values import Section

Row = TypeVar("Row")


@opened_by(Section.SLIP)
@signed_in
@require_safe
@for_role(Action.SEE_DOCUMENTS)
def slip(request: Request) -> HttpResponse:
    """Show the slip of the chosen account and month; at first the newest of the first account."""
    accounts = list(months.accounts_of(request.viewer, action=Action.SEE_DOCUMENTS))
    account = chosen_account(accounts, request.GET.get("contract", ""))
    charged = months.charged_months_of(request.viewer, account.pk) if account else []
    wanted = month_from(request.GET.get("month", "")) or (charged[0] if charged else None)
    found = slips.slip_of(request.viewer, account.pk, wanted) if account and wanted else None
    facts: dict[str, Any] = {
        "accounts": accounts,
        "account": account,
        "months": [(str(month), words.month(month)) for month in charged],
        "month": str(wanted or ""),
        "month_name": words.month(wanted) if wanted else "",
        "zero": words.plain_money(Decimal(0)),
        "sheet": slip_sheet.sheet_of(found) if found else None,
        "code": SafeString(code_svg(found)) if found else "",
    }
    return render(request, "billing/slip.html", facts)


@weighs(Load.FILE)
@opened_by(Section.SLIP)
@signed_in
@require_safe
@for_role(Action.SEE_DOCUMENTS)
def slip_file(request: Request, contract_id: UUID, month: str) -> HttpResponse:
    """Give the slip as PDF, to look at or to save."""
    wanted = month_from(month)
    found = slips.slip_of(request.viewer, contract_id, wanted) if wanted else None
    if found is None:
        raise Http404
    printed = services.print_slip(facts_of(found, provider=request.provider.row))
    name = _("Квитанция %(account)s, %(month)s.pdf") % {"account": found.payer.account, "month": str(found.month)}
    response = HttpResponse(printed.read_bytes(), content_type="application/pdf")
    header = content_disposition_header(as_attachment="save" in request.GET, filename=name)
    response["Content-Disposition"] = header or "inline"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response


def chosen_account(accounts: Sequence[Contract], named: str) -> Contract | None:
    """Return the account that the address names, else the first one."""
    return next((one for one in accounts if str(one.pk) == named), accounts[0] if accounts else None)


def month_from(text: str) -> Month | None:
    try:
        return Month.parse(text)
    except ValueError:
        return None


def code_svg(slip: Slip) -> str:
    """Draw the payment code; nothing where nothing is to be paid, or the payee's details make no code."""
    if not slip.to_pay:
        return ""
    try:
        return slip_pdf.to_svg(payment_qr.build(slip_sheet.code_of(slip)).payload)
    except QrRefused:
        return ""


def facts_of(slip: Slip, *, provider: Provider) -> str:
    """Return what the printed slip is told, in Russian; the same slip gives the same text."""
    with translation.override(RUSSIAN):
        sheet = slip_sheet.sheet_of(slip)
        facts = asdict(sheet) | {
            "account": slip.payer.account,
            "provider": provider.name,
            "colour": provider.colour,
            "code": code_svg(slip),
            "foot": provider.portal_title,
            "overpaid": _("Переплата %(sum)s") % {"sum": sheet.overpaid} if sheet.overpaid else "",
            "words": _words(slip),
        }
    return json.dumps(facts, ensure_ascii=False, sort_keys=True)


def _words(slip: Slip) -> dict[str, Any]:
    no_code = _("Оплачивать нечего: QR-код не нужен.")
    if slip.to_pay:
        no_code = _("QR-код не напечатан: реквизиты получателя заполнены не полностью.")
    return {
        "lines": _("Начисления"),
        "line_columns": [_("Услуга"), _("Основание"), _("Объём"), _("Тариф, ₽"), _("Сумма, ₽")],
        "sums": _("Расчёт, ₽"),
        "total": _("Всего"),
        "runs": _("Показания приборов учёта"),
        "run_columns": [
            _("Прибор учёта"), _("Зона"), _("Предыдущее"), _("Текущее"), _("Расход"), _("Источник и дата"),
        ],
        "to_pay": _("К оплате до %(day)s") % {"day": words.day(slip.due_on)},
        "code": _("Оплата по QR-коду в приложении банка"),
        "code_alt": _("QR-код для оплаты"),
        "no_code": no_code,
    }  # fmt: skip
