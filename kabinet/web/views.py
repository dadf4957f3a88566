from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import get_script_prefix
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from kabinet.web import brand as brands
from kabinet.web import languages, look, security
from kabinet.web.styleguide import examples

YEAR = 365 * 24 * 3600


class BrandKey:
    """The part of an address that names a brand's two colours: `0b5cad-19b5c9`."""

    regex = "[0-9a-f]{6}-[0-9a-f]{6}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Remember the language on this device."""
    response = _back(request)
    _remember(request, response, settings.LANGUAGE_COOKIE_NAME, languages.choose(request.POST.get("language", "")))
    return response


@require_POST
def set_look(request: HttpRequest) -> HttpResponse:
    """Remember theme, contrast and size of print on this device."""
    wanted = ".".join(request.POST.get(part, "normal") for part in ("theme", "contrast", "print"))
    response = _back(request)
    _remember(request, response, look.COOKIE, str(look.Look.parse(wanted)))
    return response


@require_safe
def brand_stylesheet(_request: HttpRequest, key: str) -> HttpResponse:
    """Serve the colours named in the address; the same address never changes."""
    return HttpResponse(
        brands.stylesheet(key),
        content_type="text/css; charset=utf-8",
        headers={"Cache-Control": security.IMMUTABLE_CACHING},
    )


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """Show every component with made-up data, to those who build pages."""
    if not getattr(settings, "KABINET_STYLEGUIDE", settings.DEBUG):
        raise Http404
    return render(request, "web/styleguide.html", examples())


def _back(request: HttpRequest) -> HttpResponseRedirect:
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    # The code 303 makes the browser ask by GET, whatever it sent.
    return HttpResponseRedirect(wanted if is_ours else get_script_prefix(), status=303)


def _remember(request: HttpRequest, response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(name, value, max_age=YEAR, path="/", samesite="Lax", httponly=True, secure=request.is_secure())
