"""Who has access to a contract: «Добавить роль», another role, access taken away (ROLE-04, ROLE-05)."""

from contextlib import suppress
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kabinet.accounts.http import signed_in
from kabinet.contracts import selectors
from kabinet.contracts.forms import ROLE_WORDS, GrantForm, Scope
from kabinet.contracts.http import Request, contract_for, where_roles_are_shown
from kabinet.contracts.models import Contract
from kabinet.contracts.rules.roles import last_day
from kabinet.contracts.selectors import Holder
from kabinet.contracts.services import roles
from kabinet.contracts.services.roles import AlreadyTaken, Granting, GrantRefused
from kabinet.contracts.values import Action, Grant, GrantProblem, Role
from kabinet.contracts.views.picking import Picker, picker_from, picker_of
from kabinet.infra import clock, ids
from kabinet.infra.idempotency import LONGEST_KEY

# What a question carries on; the points travel packed.
CARRIED: Final = ("key", "role", "email", "until", "scope")


@where_roles_are_shown
@signed_in
@require_safe
def people(request: Request, contract_id: UUID) -> HttpResponse:
    contract = contract_for(request, contract_id, action=Action.GRANT_ROLES)
    zone = request.provider.row.zone
    holders = selectors.holders_of(request.viewer, contract, at=clock.now())
    rows = [(one, last_day(one.membership.expires_at, zone)) for one in holders]
    return render(request, "contracts/roles.html", {"contract": contract, "rows": rows, "zone": zone})


@where_roles_are_shown
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def grant(request: Request, contract_id: UUID) -> HttpResponse:
    contract = contract_for(request, contract_id, action=Action.GRANT_ROLES)
    return _role_page(request, contract, holder=None)


@where_roles_are_shown
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def change_role(request: Request, contract_id: UUID, membership_id: UUID) -> HttpResponse:
    contract = contract_for(request, contract_id, action=Action.GRANT_ROLES)
    is_giving = request.POST.get("do") == "grant"
    return _role_page(request, contract, holder=_holder(request, contract, membership_id, is_repeatable=is_giving))


@where_roles_are_shown
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: Request, contract_id: UUID, membership_id: UUID) -> HttpResponse:
    """Ask first, then take the role away."""
    contract = contract_for(request, contract_id, action=Action.GRANT_ROLES)
    holder = _holder(request, contract, membership_id, is_repeatable=request.method == "POST")
    back_url = reverse("contracts:people", args=[contract.pk])
    if request.method != "POST":
        facts = {"contract": contract, "holder": holder, "submit": _("Забрать доступ")}
        return render(request, "contracts/roles_revoke.html", facts | {"back_url": back_url, "danger": True})
    with suppress(AlreadyTaken):
        roles.revoke_role(contract, membership_id, by=request.actor, at=clock.now())
    messages.success(request, _("Доступ закрыт: %(person)s") % {"person": holder.email or holder.name})
    return redirect(back_url)


@where_roles_are_shown
@signed_in
@require_POST
def repeat_letter(request: Request, contract_id: UUID, membership_id: UUID) -> HttpResponse:
    contract = contract_for(request, contract_id, action=Action.GRANT_ROLES)
    holder = _holder(request, contract, membership_id)
    at = clock.now()
    roles.repeat_letter(contract, membership_id, by=request.actor, at=at, technical_at=clock.technical_now())
    messages.success(request, _("Письмо отправлено на %(email)s.") % {"email": holder.email})
    return redirect("contracts:people", contract.pk)


def _holder(request: Request, contract: Contract, membership_id: UUID, *, is_repeatable: bool = False) -> Holder:
    """Return somebody whose role the person may change; his own is not among them.

    What may be repeated finds the role that has ended, too: of the first press the answer may have been lost.
    """
    at = clock.now()
    for holder in selectors.holders_of(request.viewer, contract, at=at):
        if holder.membership.pk == membership_id and holder.may_be_changed:
            return holder
    if is_repeatable and (former := selectors.former_holder_of(request.viewer, contract, membership_id, at=at)):
        return former
    raise Http404


def _role_page(request: Request, contract: Contract, *, holder: Holder | None) -> HttpResponse:
    """Show the form; a button of the list of points shows it anew, the main one gives the role."""
    if request.method != "POST":
        return _page(request, contract, _first_form(request, holder), _first_picker(contract, holder), holder=holder)
    picker = picker_from(contract, request.POST)
    facts: dict[str, Any] = {"picked": picker.picked | picker.unknown, "zone": request.provider.row.zone}
    if request.POST.get("do") != "grant":
        form = GrantForm(initial=request.POST.dict(), is_for_holder=bool(holder), **facts)
        return _page(request, contract, form, picker, holder=holder)
    form = GrantForm(request.POST, is_for_holder=bool(holder), **facts)
    if not form.is_valid():
        return _page(request, contract, form, picker, holder=holder)
    return _give(request, contract, form, picker, holder=holder)


def _give(
    request: Request, contract: Contract, form: GrantForm, picker: Picker, *, holder: Holder | None
) -> HttpResponse:
    wanted = form.value(replaces=holder.membership.pk if holder else _asked_about(request))
    try:
        roles.grant_role(contract, wanted, granting=_granting(request))
    except GrantRefused as refusal:
        if refusal.problem is GrantProblem.HOLDS_ROLE and refusal.held:
            return _ask(request, contract, wanted, picker, held=refusal.held.pk, role=Role(refusal.held.role))
        form.add_problem(refusal.problem)
        return _page(request, contract, form, picker, holder=holder)
    facts = {"role": ROLE_WORDS[wanted.role], "person": wanted.email or (holder.email if holder else "")}
    messages.success(request, _("Роль «%(role)s» назначена, письмо отправлено: %(person)s") % facts)
    return redirect("contracts:people", contract.pk)


def _ask(
    request: Request, contract: Contract, wanted: Grant, picker: Picker, *, held: UUID, role: Role
) -> HttpResponse:
    """Ask whether the role that the person holds is to be replaced (ROLE-04)."""
    carried = [(name, request.POST.get(name, "")) for name in CARRIED]
    carried += [("replaces", str(held)), ("phrase", picker.phrase)]
    facts = {"contract": contract, "grant": wanted, "held": role, "carried": carried, "picker": picker}
    return render(request, "contracts/roles_replace.html", facts)


def _page(
    request: Request, contract: Contract, form: GrantForm, picker: Picker, *, holder: Holder | None
) -> HttpResponse:
    facts = {
        "contract": contract,
        "form": form,
        "picker": picker,
        "holder": holder,
        "key": _key(request),
        "is_picking": picker.number
        or request.POST.get("do", "grant") != "grant"
        or form["scope"].value() == Scope.SOME,
    }
    return render(request, "contracts/roles_grant.html", facts)


def _first_form(request: Request, holder: Holder | None) -> GrantForm:
    zone = request.provider.row.zone
    if holder is None:
        return GrantForm(picked=frozenset(), zone=zone)
    held = holder.membership
    scope = Scope.ALL if held.points is None else Scope.SOME
    initial = {"role": held.role, "until": last_day(held.expires_at, zone), "scope": scope}
    return GrantForm(initial=initial, picked=frozenset(held.points or ()), zone=zone, is_for_holder=True)


def _first_picker(contract: Contract, holder: Holder | None) -> Picker:
    return picker_of(contract, frozenset((holder.membership.points or ()) if holder else ()))


def _granting(request: Request) -> Granting:
    return Granting(
        key=_key(request),
        language=get_language() or "",
        by=request.actor,
        at=clock.now(),
        technical_at=clock.technical_now(),
    )


def _key(request: Request) -> str:
    return request.POST.get("key", "")[:LONGEST_KEY] or str(ids.new())


def _asked_about(request: Request) -> UUID | None:
    """Return the role that the person was asked about on the page before; anything else is no answer."""
    try:
        return UUID(request.POST.get("replaces", ""))
    except ValueError:
        return None
