"""«Журнал действий» and who works in the office (STAFF-02)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from kabinet.accounts import selectors as accounts
from kabinet.accounts.values import StaffAction
from kabinet.contracts.models import Contract
from kabinet.infra.models import AuditRow
from kabinet.staff.forms.duties import AuditFilter
from kabinet.staff.http import OfficeRequest, duty, role_word
from kabinet.staff.selectors import audit as selectors
from kabinet.staff.selectors.cards import contract_numbers
from kabinet.staff.views import words
from kabinet.staff.views.acts import act
from kabinet.staff.views.answering import page_of


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the audit in finished words."""

    at: datetime
    act: str
    code: str
    who: str
    target: str
    contract: str
    contract_id: UUID | None
    reason: str
    change: str


@require_http_methods(["GET", "HEAD", "POST"])
@duty(StaffAction.SEE_AUDIT)
def audit(request: OfficeRequest) -> HttpResponse:
    """List the audit; a press of the button computes its chain again, which changes nothing."""
    provider_id = request.provider.row.pk
    names = selectors.names_of(provider_id)
    acts = [(code, act(code)) for code in selectors.acts_of(provider_id)]
    form = AuditFilter(request.GET or None, provider_id=provider_id, acts=acts, names=names)
    page = page_of(request, selectors.rows_of(provider_id, form.query(request.provider.row.zone)))
    numbers = contract_numbers(provider_id, {row.contract_id for row in page if row.contract_id})
    facts = {
        "form": form,
        "page": page,
        "entries": [_line(row, names=names, numbers=numbers) for row in page],
        "chain": selectors.chain_state(is_computed=request.method == "POST"),
    }
    return render(request, "staff/audit.html", facts)


def _line(row: AuditRow, *, names: dict[UUID, str], numbers: dict[UUID, Contract]) -> Line:
    contract = numbers.get(row.contract_id) if row.contract_id else None
    return Line(
        at=row.at,
        act=act(row.act),
        code=row.act,
        who=words.who(row.actor_kind, names.get(row.actor_id, "") if row.actor_id else "", row.actor_id),
        target=words.target(row.target_kind, row.target_id, names),
        contract=contract.number if contract else "",
        contract_id=contract.pk if contract else None,
        reason=words.reason(row.reason),
        change=words.change(row.before, row.after),
    )


@require_safe
@duty(StaffAction.SEE_SPECIALISTS)
def specialists(request: OfficeRequest) -> HttpResponse:
    rows = accounts.specialists_of(request.provider.row.pk)
    people: list[dict[str, Any]] = [
        {
            "row": row,
            "name": " ".join(filter(None, (row.user.last_name, row.user.first_name, row.user.middle_name))),
            "roles": ", ".join(role_word(role) for role in sorted(row.held)),
            "has_factor": hasattr(row, "factor") and row.factor.confirmed_at is not None,
        }
        for row in rows
    ]
    return render(request, "staff/specialists.html", {"people": people})
