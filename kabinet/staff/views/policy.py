"""«Правила кабинета»: the provider's policy, checked before it holds (SITE-02)."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kabinet.accounts.values import StaffAction
from kabinet.infra import clock
from kabinet.providers import selectors as providers
from kabinet.providers.formats import PolicyInvalid, PolicyUnreadable, read_policy, write_policy
from kabinet.providers.services.policies import PolicyRefused
from kabinet.providers.values import DeadlineDay, Policy
from kabinet.staff.forms.duties import PolicyForm
from kabinet.staff.http import OfficeRequest, duty
from kabinet.staff.rules.policies import changes
from kabinet.staff.services import settings
from kabinet.staff.services.settings import ContractsWithoutDeadline
from kabinet.staff.views import words


@require_http_methods(["GET", "HEAD", "POST"])
@duty(StaffAction.SET_POLICY)
def policy(request: OfficeRequest) -> HttpResponse:
    """Show the policy; check another one, and set it when the second button is pressed."""
    held = request.provider.policy
    today = clock.today(request.provider.row.zone)
    form = PolicyForm(request.POST or None, today=today, initial={"body": write_policy(held)})
    checked = _checked(form) if form.is_valid() else None
    facts: dict[str, Any] = {"form": form, "versions": providers.policies_of(request.provider.row.pk)[:20]}
    if checked is None:
        return render(request, "staff/policy.html", facts)
    if "set" in request.POST and _is_set(request, form, checked):
        return redirect("staff:policy")
    facts |= {"changes": changes(held, checked), "is_checked": not form.errors}
    if isinstance(checked.window, DeadlineDay):
        facts["without_deadline"] = settings.contracts_without_deadline(request.provider.row)
    return render(request, "staff/policy.html", facts)


def _checked(form: PolicyForm) -> Policy | None:
    try:
        return read_policy(form.cleaned_data["body"])
    except PolicyUnreadable as unreadable:
        form.add_error("body", words.unreadable(unreadable.line))
    except PolicyInvalid as invalid:
        for fault in invalid.faults:
            form.add_error("body", words.policy_fault(fault))
    return None


def _is_set(request: OfficeRequest, form: PolicyForm, checked: Policy) -> bool:
    now = clock.now()
    starts_at = form.starts_at(now=now, zone=request.provider.row.zone)
    try:
        version = settings.set_policy(
            checked, provider=request.provider.row, starts_at=starts_at, by=request.actor, at=now
        )
    except PolicyRefused as refusal:
        form.add_error("starts_on", words.policy_problem(refusal.problem))
    except ContractsWithoutDeadline as without:
        form.add_error("body", words.without_deadline(without.count))
    else:
        messages.success(request, _("Правила сохранены: версия %(number)d.") % {"number": version.version})
        return True
    return False
