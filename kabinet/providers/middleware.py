"""Which provider a request belongs to: its host, or on shared hosts the first segment of the path."""

import time
from collections.abc import Callable
from ipaddress import ip_address, ip_network
from typing import Any, Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import get_script_prefix, set_script_prefix

from kabinet.infra import clock
from kabinet.providers import selectors
from kabinet.providers.selectors import OpenProvider
from kabinet.web.brand import Brand

REMEMBERED_SECONDS: Final = 3.0
_remembered: dict[str, tuple[float, OpenProvider | None]] = {}


class ProviderOfRequest:
    """Set `provider`, `brand` and `client_address`; shift the provider's segment into the script's prefix."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.client_address = client_address(request)  # type: ignore[attr-defined]
        outer = get_script_prefix()
        try:
            _attach(request, _provider_of(request))
            return self.get_response(request)
        finally:
            set_script_prefix(outer)

    def process_view(self, request: HttpRequest, view: Callable[..., HttpResponse], *_: Any) -> None:
        """Hide pages of a cabinet from addresses that belong to no provider."""
        match = request.resolver_match
        if request.provider is None and not getattr(view, "provider_optional", False):  # type: ignore[attr-defined]
            if match and match.app_names[:1] == ["web"]:
                return
            raise Http404


def _provider_of(request: HttpRequest) -> OpenProvider | None:
    host = request.get_host().rpartition(":")[0] or request.get_host()
    if host not in settings.SHARED_HOSTS:
        return remembered(f"host {host}", lambda: selectors.provider_by_host(host, at=clock.now()))
    slug, slash, rest = request.path_info.lstrip("/").partition("/")
    found = remembered(f"slug {slug}", lambda: selectors.provider_by_slug(slug, at=clock.now())) if slug else None
    if found and slash:
        _shift(request, slug=slug, rest=rest)
    return found if slash else None


def _shift(request: HttpRequest, *, slug: str, rest: str) -> None:
    prefix = f"{request.META.get('SCRIPT_NAME', '')}/{slug}"
    request.META["SCRIPT_NAME"] = prefix
    request.META["PATH_INFO"] = request.path_info = f"/{rest}"
    set_script_prefix(f"{prefix}/")


def _attach(request: HttpRequest, found: OpenProvider | None) -> None:
    request.provider = found  # type: ignore[attr-defined]
    if found:
        request.brand = brand_of(found)  # type: ignore[attr-defined]


def brand_of(found: OpenProvider) -> Brand:
    row = found.row
    return Brand(
        name=row.name,
        short_name=row.short_name,
        title=row.portal_title,
        colour=row.colour,
        accent=row.accent,
        phone=row.phone,
        email=row.email,
        address=row.address,
        hours=row.hours,
    )


def remembered(key: str, load: Callable[[], OpenProvider | None]) -> OpenProvider | None:
    """Keep a provider for a few seconds: it changes by hand, and every request needs it."""
    loaded_at, found = _remembered.get(key, (0.0, None))
    if found is None or time.monotonic() - loaded_at > REMEMBERED_SECONDS:
        found = load()
        if found is not None:
            _remembered[key] = (time.monotonic(), found)
    return found


def forget() -> None:
    _remembered.clear()


def client_address(request: HttpRequest) -> str:
    """Return the right-most address that is not a proxy of ours (TRUST 6)."""
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
    address = str(request.META.get("REMOTE_ADDR", ""))
    while hops and _is_trusted(address):
        address = hops.pop()
    return address


def _is_trusted(address: str) -> bool:
    try:
        return any(ip_address(address) in ip_network(net) for net in settings.TRUSTED_PROXIES)
    except ValueError:
        return False
