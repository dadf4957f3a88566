"""Which language a page speaks: the person's choice, else Russian. The browser's own list is not asked."""

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation


def choose(wanted: str) -> str:
    """Return the wanted language where we speak it, else Russian."""
    return wanted if wanted in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def from_cookie(request: HttpRequest) -> str:
    """Return the language chosen on this device."""
    return choose(request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, ""))


def use(request: HttpRequest, language: str) -> None:
    """Speak `language` for the rest of this request; a signed-in person's choice goes over the cookie's."""
    chosen = choose(language)
    translation.activate(chosen)
    request.LANGUAGE_CODE = chosen
