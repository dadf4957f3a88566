"""The door; and which provider a request belongs to: its host, or on shared hosts the first segment of the path."""

import contextlib
import functools
import logging
import time
from collections.abc import Callable
from ipaddress import ip_address, ip_network
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.core.validators import slug_re
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.response import HttpResponseBase
from django.urls import get_resolver, get_script_prefix, set_script_prefix

from kabinet.infra import clock, gate
from kabinet.infra.loads import Weights
from kabinet.providers import selectors
from kabinet.providers.selectors import OpenProvider
from kabinet.web import crowding
from kabinet.web.brand import Brand

log = logging.getLogger(__name__)

REMEMBERED_SECONDS: Final = 3.0
LARGEST_FORM: Final = 64 * 1024
TOLD_EACH_SECONDS: Final = 5.0
_remembered: dict[str, tuple[float, OpenProvider | None]] = {}
_NOTHING: Final = (0.0, None)


class Door:
    """Let in as many as can be answered, and put the others off (TRUST 9). Stands before whatever asks the database."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self._told_at = 0.0

    @functools.cached_property
    def _weights(self) -> Weights:
        return Weights(get_resolver().url_patterns)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        weight = self._weights.of(request.path_info)
        _read_form(request)
        try:
            passed = gate.GATE.enter(weight.of(request.method))
        except gate.Busy as busy:
            self._tell(busy)
            return weight.busy(request) if weight.busy else _later(request)
        try:
            response = self.get_response(request)
        except BaseException:
            passed.leave()
            raise
        passed.end_work()
        if response.streaming:
            # A file is on its way until it is closed.
            response._resource_closers.append(passed.leave)  # type: ignore[attr-defined]  # noqa: SLF001
        else:
            passed.leave()
        return response

    def _tell(self, busy: gate.Busy) -> None:
        """Write down that requests are put off, now and then: a line for each would be work, too."""
        if time.monotonic() - self._told_at > TOLD_EACH_SECONDS:
            self._told_at = time.monotonic()
            log.warning("requests are put off", extra={"load": str(busy), "waiting": gate.GATE.waiting()})


def _read_form(request: HttpRequest) -> None:
    """Read a form before it takes a place: whoever sends slowly holds up nobody else."""
    if request.content_type != "application/x-www-form-urlencoded":
        return
    length = request.META.get("CONTENT_LENGTH") or ""
    if length.isdecimal() and int(length) <= LARGEST_FORM:
        with contextlib.suppress(UnreadablePostError):
            _ = request.body


def _later(request: HttpRequest) -> HttpResponse:
    """Answer with the page of the provider as far as it is at hand."""
    found, prefix = _at_hand(request)
    outer = get_script_prefix()
    set_script_prefix(prefix)
    try:
        return crowding.later(request, brand=brand_of(found) if found else Brand())
    finally:
        set_script_prefix(outer)


def _at_hand(request: HttpRequest) -> tuple[OpenProvider | None, str]:
    """Return whose page it is by what is remembered, and the prefix of its addresses; the database is not asked."""
    try:
        host = _host_of(request)
    except DisallowedHost:
        return None, "/"
    if host not in settings.SHARED_HOSTS:
        return _remembered.get(f"host {host}", _NOTHING)[1], "/"
    slug = request.path_info.lstrip("/").partition("/")[0]
    found = _remembered.get(f"slug {slug}", _NOTHING)[1]
    return found, f"/{slug}/" if found else "/"


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
    host = _host_of(request)
    if host not in settings.SHARED_HOSTS:
        return remembered(f"host {host}", lambda: selectors.provider_by_host(host, at=clock.now()))
    slug, slash, rest = request.path_info.lstrip("/").partition("/")
    # What no provider can be called is not looked for: a text of the database holds no zero sign, for one.
    found = (
        remembered(f"slug {slug}", lambda: selectors.provider_by_slug(slug, at=clock.now()))
        if slug_re.match(slug)
        else None
    )
    if found and slash:
        _shift(request, slug=slug, rest=rest)
    return found if slash else None


def _host_of(request: HttpRequest) -> str:
    return request.get_host().rpartition(":")[0] or request.get_host()


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
    """Keep a provider for a few seconds: it changes by hand, and every request needs it.

    When they are over one request looks; those beside it go on with what is known.
    """
    loaded_at, found = _remembered.get(key, _NOTHING)
    if found is not None and time.monotonic() - loaded_at <= REMEMBERED_SECONDS:
        return found
    if found is not None:
        _remembered[key] = (time.monotonic(), found)
    loaded = load()
    if loaded is not None:
        _remembered[key] = (time.monotonic(), loaded)
    else:
        _remembered.pop(key, None)  # the next one looks again
    return loaded


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
