"""The session's cookie: read, set, taken away."""

import logging
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import get_script_prefix

from kabinet.accounts import selectors, services
from kabinet.accounts.http import AccountRequest
from kabinet.accounts.rules.sessions import LONGEST, is_to_be_noted
from kabinet.infra import clock
from kabinet.web import languages
from kabinet.web.security import OWN_HOST_COOKIE

log = logging.getLogger(__name__)


class SessionOfRequest:
    """Set `session_token` and `session_key`; who that is is looked up further in, by one statement for all."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: AccountRequest) -> HttpResponse:
        brought = request.COOKIES.get(_cookie_name(), "")
        request.session_token = brought
        request.session_key = selectors.key_of(brought)
        response = self.get_response(request)
        try:
            _note(request, response)
        except OperationalError:
            # The page is made and its act is kept: that it could not be noted must not turn it into a fault.
            log.warning("session was not noted")
        if request.session_token != brought:
            _answer_with_cookie(request, response)
        return response

    def process_exception(self, request: AccountRequest, exception: Exception) -> HttpResponse | None:
        """Show the door to whom the account was closed meanwhile: with it went everything that a page could show."""
        if not isinstance(exception, services.PartClosed):
            return None
        request.session_token = ""
        return redirect("home:front")

    def process_view(self, request: AccountRequest, *_: Any) -> None:
        """Speak the person's language; the cookie's is this device's alone."""
        if request.user is not None:
            languages.use(request, request.user.language)


def _note(request: AccountRequest, response: HttpResponse) -> None:
    """Write down that the session is in use, and the language that the person has just chosen."""
    session = getattr(request, "session", None)
    if session is None or response.status_code >= 500:  # noqa: PLR2004 - a fault is no sight of anybody
        return
    chosen = response.cookies.get(settings.LANGUAGE_COOKIE_NAME)
    if chosen and languages.choose(chosen.value) != session.user.language:
        services.choose_language(session.user, languages.choose(chosen.value))
    at = clock.technical_now()
    if is_to_be_noted(session.seen_at, at=at):
        services.note_seen(session, at=at)


def _cookie_name() -> str:
    """Return the session's cookie; at a provider's own host browsers take it from that very host alone."""
    is_alone = settings.COOKIES_ARE_SECURE and get_script_prefix() == "/"
    return OWN_HOST_COOKIE if is_alone else settings.SESSION_COOKIE_NAME


def _answer_with_cookie(request: AccountRequest, response: HttpResponse) -> None:
    """Keep the cookie to this provider's path, so that providers of a shared host do not see each other's."""
    path = get_script_prefix()
    if not request.session_token:
        response.delete_cookie(_cookie_name(), path=path, samesite="Lax")
        return
    response.set_cookie(
        _cookie_name(),
        request.session_token,
        max_age=LONGEST,
        path=path,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=settings.SESSION_COOKIE_HTTPONLY,
        samesite="Lax",
    )
