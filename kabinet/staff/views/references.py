"""«Справочная информация»: three texts and the branches (HELP-04)."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kabinet.accounts.values import StaffAction
from kabinet.help import selectors as help_
from kabinet.help.services import BranchUnknown, NameTaken, keep_branch, publish_reference
from kabinet.help.values import BranchValue, ReferenceKind
from kabinet.help.views.references import shown
from kabinet.infra import clock
from kabinet.staff.forms.references import BranchForm, ReferenceForm
from kabinet.staff.http import OfficeRequest, duty


@require_safe
@duty(StaffAction.PUBLISH_HELP)
def references(request: OfficeRequest) -> HttpResponse:
    provider_id = request.provider.row.pk
    texts = help_.references_of(provider_id)
    facts = {
        "references": [(kind, kind in texts) for kind in ReferenceKind],
        "branches": help_.branches_of_office(provider_id),
    }
    return render(request, "staff/references.html", facts)


@require_http_methods(["GET", "HEAD", "POST"])
@duty(StaffAction.PUBLISH_HELP)
def reference(request: OfficeRequest, kind: str) -> HttpResponse:
    """Ask for the words; what stands now is shown below as customers see it."""
    if kind not in set(ReferenceKind):
        raise Http404
    text = help_.references_of(request.provider.row.pk).get(ReferenceKind(kind), "")
    form = ReferenceForm(request.POST or None, initial={"text": text})
    if form.is_valid():
        publish_reference(
            ReferenceKind(kind),
            form.cleaned_data["text"],
            provider=request.provider.row,
            by=request.actor,
            at=clock.now(),
        )
        messages.success(request, _("Опубликовано: клиенты видят новый текст."))
        return redirect("staff:references")
    return render(request, "staff/reference.html", {"form": form, "kind": kind, "passages": shown(text)})


@require_http_methods(["GET", "HEAD", "POST"])
@duty(StaffAction.PUBLISH_HELP)
def new_branch(request: OfficeRequest) -> HttpResponse:
    return _branch(request, BranchForm(request.POST or None), None)


@require_http_methods(["GET", "HEAD", "POST"])
@duty(StaffAction.PUBLISH_HELP)
def branch(request: OfficeRequest, branch_id: UUID) -> HttpResponse:
    row = help_.branches_of_office(request.provider.row.pk).filter(pk=branch_id).first()
    if row is None:
        raise Http404
    value = row.to_value()
    return _branch(request, BranchForm(request.POST or None, initial=BranchForm.initial_of(value)), value)


def _branch(request: OfficeRequest, form: BranchForm, kept: BranchValue | None) -> HttpResponse:
    if form.is_valid():
        branch_id = kept.branch_id if kept else None
        try:
            keep_branch(form.value(), provider=request.provider.row, by=request.actor, branch_id=branch_id)
        except NameTaken:
            form.refuse_name()
        except BranchUnknown:
            raise Http404 from None
        else:
            messages.success(request, _("Сведения об отделении сохранены."))
            return redirect("staff:references")
    return render(request, "staff/branch.html", {"form": form, "branch": kept})
