"""The office's door: its own cookie, its own people, closed to everybody else by default (TRUST 11)."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import get_script_prefix
from django.utils.translation import gettext as _

from kabinet.accounts import selectors as accounts
from kabinet.accounts.rules.staff import LONGEST, is_to_be_noted
from kabinet.accounts.services import office_entrance
from kabinet.accounts.services.specialists import DutyNotGiven, NotOfTheOffice
from kabinet.help.services import NotPermitted as HelpNotPermitted
from kabinet.infra import clock
from kabinet.kernel.actors import Actor, ActorKind, Channel
from kabinet.staff.http import COOKIE, EntranceRequest, whom_to_ask
from kabinet.tickets.services import NotPermitted as TicketsNotPermitted
from kabinet.web import errors, languages, security

ROOM: Final = "office/"


class OfficeOfRequest:
    """Set `office`, `specialist` and `actor` on the office's pages; a customer's session counts for nothing there."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        request.is_office = request.provider is not None and request.path_info.startswith(f"/{ROOM}")
        if not request.is_office:
            return self.get_response(request)
        brought = request.COOKIES.get(COOKIE, "")
        _attach(request, brought)
        response = self.get_response(request)
        _note(request, response)
        if request.office_token != brought:
            _answer_with_cookie(request, response)
        response.headers["Cache-Control"] = security.SIGNED_IN_CACHING
        return response

    def process_view(self, request: Any, view: Callable[..., HttpResponse], *_arguments: Any) -> HttpResponse | None:
        """Lead whoever may not see the page to the one that comes first on the way in."""
        match = request.resolver_match
        if match is None or match.app_names[:1] != ["staff"]:
            return None
        if request.office:
            languages.use(request, request.office.specialist.user.language)
        way = _way_in(request, view)
        return redirect(way) if way else None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer for the services' own door: it looks again, in the transaction of the act."""
        match exception:
            case NotOfTheOffice() | HelpNotPermitted() | TicketsNotPermitted():
                return errors.handler404(request)
            case DutyNotGiven():
                return errors.handler403(request, PermissionDenied(whom_to_ask(exception.action)))
            case _:
                return None


def _attach(request: Any, token: str) -> None:
    provider = request.provider.row
    request.session = request.user = request.viewer = None
    request.office_token, request.office_key = token, accounts.key_of(token)
    request.office = request.specialist = None
    request.actor = Actor(ActorKind.ANONYMOUS, provider_id=provider.pk, channel=Channel.OFFICE)
    request.brand = replace(request.brand, title=_("Кабинет специалиста"))
    if not token:
        return
    request.office = accounts.staff_session(request.office_key, provider_id=provider.pk, at=clock.technical_now())
    if request.office and request.office.is_open:
        request.specialist, request.user = request.office.specialist, request.office.specialist.user
        request.actor = office_entrance.actor_of(request.specialist)


def _way_in(request: EntranceRequest, view: Callable[..., HttpResponse]) -> str:
    """Return the page that has to come first; empty where this one is open to the browser."""
    door = getattr(view, "office_door", "open")
    session = request.office
    if door == "anybody":
        return ""
    if session is None:
        return "staff:sign_in"
    if not session.is_open:
        return "" if door == "half_way" else "staff:factor"
    if door == "half_way":
        return "staff:desk"
    is_first = session.specialist.user.must_change_password and not getattr(view, "takes_first_password", False)
    return "staff:password" if is_first else ""


def _note(request: EntranceRequest, response: HttpResponse) -> None:
    session = request.office
    if session is None or not session.is_open or response.status_code >= 500:  # noqa: PLR2004 - a fault is no sight
        return
    at = clock.technical_now()
    if is_to_be_noted(session.seen_at, at=at):
        office_entrance.note_seen(session, at=at)


def _answer_with_cookie(request: EntranceRequest, response: HttpResponse) -> None:
    """Keep the cookie to the office's path: no page of customers ever gets it."""
    path = f"{get_script_prefix()}{ROOM}"
    if not request.office_token:
        response.delete_cookie(COOKIE, path=path, samesite="Strict")
        return
    response.set_cookie(
        COOKIE,
        request.office_token,
        max_age=LONGEST,
        path=path,
        secure=settings.COOKIES_ARE_SECURE,
        httponly=True,
        samesite="Strict",
    )
