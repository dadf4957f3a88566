"""The page of a contract, its file and its annexes (CON-05)."""

from itertools import groupby
from typing import Any, Final
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kabinet.accounts.http import signed_in
from kabinet.contracts import selectors
from kabinet.contracts.formats import workbook
from kabinet.contracts.formats.workbook import Sheet
from kabinet.contracts.http import Request
from kabinet.contracts.models import Annex, Contract, SupplyPoint
from kabinet.contracts.values import EntryStatus, Role
from kabinet.contracts.views import words
from kabinet.infra import clock, storage
from kabinet.infra.loads import Load, weighs
from kabinet.providers.http import opened_by
from kabinet.providers.values import Section

ON_A_PAGE: Final = 50
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@opened_by(Section.CONTRACTS)
@signed_in
@require_safe
def card(request: Request, contract_id: UUID) -> HttpResponse:
    """Show the contract; of thousands of meters as many as a page bears."""
    contract = _own(request, contract_id)
    page = Paginator(selectors.places_of(contract), ON_A_PAGE).get_page(request.GET.get("page"))
    facts = _facts(request, contract) | {"page": page, "points": _points(selectors.installed_at(list(page)))}
    return render(request, "contracts/card.html", facts)


@weighs(Load.FILE)
@opened_by(Section.CONTRACTS)
@signed_in
@require_safe
def card_file(request: Request, contract_id: UUID) -> HttpResponse:
    """«Скачать»: the same as .xlsx, with all the meters."""
    contract = _own(request, contract_id)
    facts = _facts(request, contract)
    installed = selectors.installed_at(list(selectors.places_of(contract)))
    told: list[tuple[str, str]] = [*facts["about"], *facts["requisites"], *facts["bank"]]
    annexes = [[annex.number, annex.title, words.day(annex.signed_on)] for annex in facts["annexes"]]
    body = workbook.write(
        [
            Sheet(_("Договор"), told),
            Sheet(_("Приложения"), annexes, header=[_("Номер"), _("Название"), _("Дата подписания")]),
            Sheet(_("Точки поставки"), [words.row(one) for one in installed], header=words.header()),
        ]
    )
    name = _("Договор %(number)s.xlsx") % {"number": contract.number.replace("/", "-")}
    return _file(body, media_type=XLSX, name=name, is_saved=True)


@weighs(Load.FILE)
@opened_by(Section.CONTRACTS)
@signed_in
@require_safe
def annex(request: Request, annex_id: UUID) -> HttpResponse:
    """Open the paper of an annex, or save it."""
    found = get_object_or_404(_annexes(request), pk=annex_id)
    if found.paper is None:
        raise Http404
    stored = found.paper.stored
    with storage.open_(stored) as stream:
        body = stream.read()
    name = _("Приложение %(number)s.pdf") % {"number": found.number.replace("/", "-")}
    return _file(body, media_type=stored.media_type, name=name, is_saved="save" in request.GET)


def _own(request: Request, contract_id: UUID) -> Contract:
    return get_object_or_404(selectors.contracts_of(request.viewer), pk=contract_id)


def _annexes(request: Request) -> QuerySet[Annex]:
    return selectors.annexes_of(request.viewer, today=clock.today(request.provider.row.zone))


def _facts(request: Request, contract: Contract) -> dict[str, Any]:
    """Return what page and file say alike."""
    role: Role | None = request.viewer.role_on(contract.pk) if request.provider.policy.roles_shown else None
    annexes: list[Annex] = list(_annexes(request).filter(contract=contract))
    return {
        "contract": contract,
        "about": words.about(contract, role=role),
        "requisites": words.requisites(contract),
        "bank": words.bank(contract),
        "annexes": annexes,
    }


def _points(installed: list[selectors.Installed]) -> list[dict[str, Any]]:
    """Gather the meters under their points, each fact with its name."""
    names = words.header()
    found = []
    for _point, some in groupby(installed, key=lambda one: one.point.pk):
        rows = [(one, list(zip(names, words.row(one), strict=True))) for one in some]
        point = rows[0][0].point
        meters = [(one.meter.number, told[5:]) for one, told in rows if one.meter]
        found.append({**_heading(point), "facts": rows[0][1][:4], "meters": meters})
    return found


def _heading(point: SupplyPoint) -> dict[str, str]:
    """Return what is read of a point before it is folded open: where it is, and why nothing is entered there."""
    status = EntryStatus(point.entry_status)
    said = [
        point.address if point.name else "",
        str(words.STATUSES[status]) if status is not EntryStatus.AWAITING else "",
    ]
    return {"title": f"{point.code} · {point.name or point.address}", "under": " · ".join(filter(None, said))}


def _file(body: bytes, *, media_type: str, name: str, is_saved: bool) -> HttpResponse:
    response = HttpResponse(body, content_type=media_type)
    response["Content-Disposition"] = content_disposition_header(as_attachment=is_saved, filename=name) or "inline"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response
