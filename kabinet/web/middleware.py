from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils import translation
from django.utils.cache import patch_vary_headers

from kabinet.infra.idempotency import KeyReused
from kabinet.infra.limits import LimitReached
from kabinet.web import errors, languages, security

Next = Callable[[HttpRequest], HttpResponseBase]


class PackedPages(GZipMiddleware):
    """Pack pages for the way; files and the exchange go as they are.

    Django puts random bytes into each packed page, so that its length tells nothing of what is in it (BREACH).
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        # Who is put off is answered at the least cost.
        if response.status_code == HTTPStatus.SERVICE_UNAVAILABLE:
            return response
        if not response.headers.get("Content-Type", "").startswith("text/html"):
            return response
        return super().process_response(request, response)


class SecurityHeaders:
    """Add what Django and django-csp do not: permissions, and caching that keeps private pages private."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", security.PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Cache-Control", self._caching(request, response))
        return response

    def _caching(self, request: HttpRequest, response: HttpResponseBase) -> str:
        # The cookie decides, not the user: asking who it is would cost a query where nobody else asked.
        names = {settings.SESSION_COOKIE_NAME, security.OWN_HOST_COOKIE}
        has_session = bool(names & (request.COOKIES.keys() | response.cookies.keys()))
        return security.SIGNED_IN_CACHING if has_session else security.PUBLIC_CACHING


class Language:
    """Speak the language of the cookie; accounts go over it when the person is known."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        languages.use(request, languages.from_cookie(request))
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", translation.get_language() or settings.LANGUAGE_CODE)
        patch_vary_headers(response, ["Cookie"])
        return response


class Refusals:
    """Answer by a page where a view let a limit or a reused key pass. Stands last, next to the views."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        match exception:
            case LimitReached():
                return errors.too_many(request, until=exception.until)
            case KeyReused():
                return errors.conflict(request)
            case _:
                return None
