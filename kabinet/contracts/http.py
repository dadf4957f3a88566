"""The request as a signed-in customer's pages see it."""

import functools
from collections.abc import Callable, Sequence
from typing import Any, TypeVar, cast
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from kabinet.accounts.http import SignedInRequest
from kabinet.contracts import selectors
from kabinet.contracts.models import Contract
from kabinet.contracts.rules import rights
from kabinet.contracts.values import Action, Viewer
from kabinet.infra.statements import Row, Statement

View = TypeVar("View", bound=Callable[..., HttpResponse])

# What pages ask of the database in the breath in which the viewer is asked for, by their paths within a provider.
ASKED_BESIDE: dict[str, Callable[["Request"], Statement]] = {}


class Request(SignedInRequest):
    """A request with the viewer's eyes; pages behind `signed_in` always have them."""

    viewer: Viewer
    # The answer to what the page asks beside; there for one look, since an act may change what it says.
    beside: Sequence[Row] | None


def asked_beside(request: Request) -> Sequence[Row] | None:
    """Return what came beside the viewer, once: what is looked at later may have changed since.

    Where nothing came the page asks by itself: the session may have ended between the two statements, and a request
    that was let in is answered to the end.
    """
    rows, request.beside = request.beside, None
    return rows or None


def where_roles_are_shown(view: View) -> View:
    """Open a page only where the provider shows roles; elsewhere there is no such page (SITE-05)."""

    @functools.wraps(view)
    def guarded(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.provider.policy.roles_shown:
            raise Http404
        return view(request, *args, **kwargs)

    return cast("View", guarded)


def for_role(action: Action) -> Callable[[View], View]:
    """Open a section to people whose role on some contract allows the action; others are told whom to ask.

    Who has no contract yet comes in: the page itself says what to do first.
    """

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
            held = request.viewer.memberships
            if held and not any(rights.may(membership.role, action) for membership in held):
                raise PermissionDenied(role_is_not_enough())
            return view(request, *args, **kwargs)

        return cast("View", guarded)

    return decorate


def contract_for(request: Request, contract_id: UUID, *, action: Action) -> Contract:
    """Return the contract on which the person may do the action: 404 without sight of it, 403 without the right."""
    contract = get_object_or_404(selectors.contracts_of(request.viewer), pk=contract_id)
    role = request.viewer.role_on(contract.pk)
    if role is None or not rights.may(role, action):
        raise PermissionDenied(role_is_not_enough())
    return contract


def role_is_not_enough() -> str:
    return _("Ваша роль этого не позволяет. Попросите Администратора договора назначить вам другую.")
