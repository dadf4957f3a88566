"""«Мои договора», also as a tab of «Профиль» (CON-04)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kabinet.accounts.http import signed_in
from kabinet.contracts import selectors
from kabinet.contracts.http import Request
from kabinet.contracts.models import LinkRequest
from kabinet.contracts.rules.waiting import left_until
from kabinet.contracts.values import Role, Viewer
from kabinet.infra import clock
from kabinet.providers.http import opened_by
from kabinet.providers.values import DeadlineDay, Section


@opened_by(Section.CONTRACTS)
@signed_in
@require_safe
def contracts(request: Request) -> HttpResponse:
    return render(request, "contracts/list.html", _facts(request))


@opened_by(Section.CONTRACTS)
@signed_in
@require_safe
def contracts_of_profile(request: Request) -> HttpResponse:
    is_shown = request.provider.policy.roles_shown
    own_roles = selectors.own_roles_of(request.viewer, at=clock.now()) if is_shown else []
    return render(request, "contracts/of_profile.html", _facts(request) | {"own_roles": own_roles})


def _facts(request: Request) -> dict[str, Any]:
    """Return the contracts, and what waits for its mailbox where they are added by it (CON-02)."""
    is_added_by_email = Section.ADD_CONTRACT in request.provider.policy.sections
    return {
        "contracts": selectors.contracts_of(request.viewer),
        "is_added_by_email": is_added_by_email,
        "has_deadlines": isinstance(request.provider.policy.window, DeadlineDay),
        "roles": _roles(request.viewer) if request.provider.policy.roles_shown else {},
        "waiting": _waiting(request.viewer, at=clock.now()) if is_added_by_email else [],
    }


def _roles(viewer: Viewer) -> dict[UUID, Role]:
    return {membership.contract_id: membership.role for membership in viewer.memberships}


def _waiting(viewer: Viewer, *, at: datetime) -> list[tuple[LinkRequest, int, int]]:
    """Return what waits, with the hours and minutes that are left."""
    found = selectors.link_requests_of(viewer, at=at)
    return [(waiting, *left_until(waiting.expires_at, at=at)) for waiting in found]
