"""Pages of refusals and faults: what happened, what was kept, what to do, and a number to tell us.

A fault of the database is not a fault of the page: it is said as 503, and its page asks no database (TRUST 9).
"""

import errno
import logging
import secrets
import sys
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

import psycopg
from django.core.exceptions import PermissionDenied, RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, RawPostDataException, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.html import escape

from kabinet.infra import clock
from kabinet.web import languages, security
from kabinet.web.brand import Brand
from kabinet.web.look import COOKIE, Look

log = logging.getLogger("kabinet.web")

RETRY_AFTER_SECONDS: Final = 30
OUTAGES: Final = (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError)
NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
TOO_MUCH: Final = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
LAST_RESORT: Final = (
    '<!doctype html><html lang="ru"><meta charset="utf-8"><title>Ошибка</title><h1>Страница не открылась</h1>'
    "<p>Ошибка на нашей стороне. Всё, что было подтверждено, сохранено. Попробуйте ещё раз через минуту.</p>"
    "<p>Номер ошибки: {reference}</p></html>"
)


def handler400(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that the request could not be read; too much at once is its own page."""
    reference = _reference()
    log.warning("request refused", extra={"reference": reference, "why": type(exception).__name__})
    if isinstance(exception, TOO_MUCH):
        return _page(request, 413, reference=reference)
    return _page(request, 400, reference=reference)


def handler403(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that this is not allowed, and whom to ask, in the refuser's own words where it gave some."""
    words = str(exception) if isinstance(exception, PermissionDenied) else ""
    return _page(request, 403, words=words)


def handler404(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001  Django names it
    """Say that there is no such page; a foreign row looks the same as a missing one."""
    return _page(request, 404)


def handler500(request: HttpRequest) -> HttpResponse:
    """Say that the fault is ours; a fault of the database is 503 and asks to come again, a full disk is 507."""
    fault = sys.exc_info()[1]
    reference = _reference()
    if is_without_room(fault):
        log.error("no room is left on the disk", extra={"reference": reference, "path": request.path}, exc_info=fault)
        return unavailable(request, reference=reference, status=507)
    if is_outage(fault):
        log.error("database is out of reach", extra={"reference": reference, "path": request.path}, exc_info=fault)
        return unavailable(request, reference=reference)
    if isinstance(fault, MultiPartParserError):
        return _page(request, 400, reference=reference)
    log.error("unexpected fault", extra={"reference": reference, "path": request.path}, exc_info=fault)
    return _bare(request, 500, reference=reference)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that the form was too old to be trusted, that nothing was sent, and how to go on."""
    log.info("form refused", extra={"why": reason, "path": request.path})
    return _page(request, 403, template="csrf", form_url=_own_referer(request) or request.get_full_path())


def conflict(
    request: HttpRequest, *, text: str = "", accepted: Iterable[tuple[str, Any]] = (), url: str = "", action: str = ""
) -> HttpResponse:
    """Say that this form was accepted before with other contents; show them and offer what to do next."""
    return _page(request, 409, text=text, accepted=list(accepted), url=url, action=action)


def too_many(request: HttpRequest, *, until: datetime | None = None) -> HttpResponse:
    """Say that there were too many tries, and when the next one is welcome."""
    seconds = _seconds_till(until)
    response = _page(request, 429, minutes=-(-seconds // 60))
    response["Retry-After"] = str(seconds)
    return response


def unavailable(request: HttpRequest, *, reference: str = "", status: int = 503) -> HttpResponse:
    """Say that the service is having a rest; asks no database and no context processor."""
    response = _bare(request, status, reference=reference or _reference())
    response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def is_outage(fault: BaseException | None) -> bool:
    """Say whether the fault, or what it was raised from, is the database being out of reach."""
    while fault is not None:
        if isinstance(fault, OUTAGES):
            return True
        fault = fault.__cause__
    return False


def is_without_room(fault: BaseException | None) -> bool:
    """Say whether a full disk, ours or the database's, is at the bottom of it."""
    while fault is not None:
        if isinstance(fault, psycopg.errors.DiskFull) or (isinstance(fault, OSError) and fault.errno in NO_ROOM):
            return True
        fault = fault.__cause__
    return False


def _page(request: HttpRequest, status: int, *, template: str = "", **facts: Any) -> HttpResponse:
    facts["was_sending"] = was_sending(request)
    return render(request, f"errors/{template or status}.html", facts, status=status)


def _bare(request: HttpRequest, status: int, *, reference: str) -> HttpResponse:
    with translation.override(getattr(request, "LANGUAGE_CODE", None) or languages.from_cookie(request)):
        return HttpResponse(
            _bare_html(request, status, reference=reference),
            status=status,
            headers={"Cache-Control": security.SIGNED_IN_CACHING},
        )


def _bare_html(request: HttpRequest, status: int, *, reference: str) -> str:
    facts = {
        "brand": getattr(request, "brand", None) or Brand(),
        "look": Look.parse(request.COOKIES.get(COOKIE, "")),
        "language": translation.get_language(),
        "reference": reference,
        "was_sending": was_sending(request),
        "typed": typed_of(request),
        "here": request.get_full_path(),
    }
    try:
        return render_to_string(f"errors/{status}.html", facts)
    except Exception:
        # Nothing may come after this page: whatever broke it, the person gets the words.
        log.exception("the page of a fault is at fault", extra={"reference": reference})
        return LAST_RESORT.format(reference=escape(reference))


def was_sending(request: HttpRequest) -> bool:
    """Say whether the request was more than a look."""
    return request.method not in {"GET", "HEAD", "OPTIONS"}


def typed_of(request: HttpRequest) -> list[tuple[str, str]]:
    """Return the fields of the form, to be sent again; nothing where that might be another act, or lose a file.

    Pages of a signed-in person are not stored, so that browsers forget what was typed as soon as this page comes. A
    form that has its key may be repeated (TRUST 2), and none that asks for a password has one.
    """
    if request.method != "POST" or request.content_type != "application/x-www-form-urlencoded":
        return []
    try:
        fields = [(name, str(value)) for name, values in request.POST.lists() for value in values]
    except (*TOO_MUCH, RawPostDataException, UnreadablePostError):
        return []
    return fields if any(name == "key" or name.startswith("key-") for name, _ in fields) else []


def _reference() -> str:
    digits = secrets.token_hex(4).upper()
    return f"{digits[:4]}-{digits[4:]}"


def _seconds_till(until: datetime | None) -> int:
    if until is None:
        return RETRY_AFTER_SECONDS
    return max(1, round((until - clock.technical_now()).total_seconds()))


def _own_referer(request: HttpRequest) -> str:
    referer = urlsplit(request.headers.get("Referer", ""))
    return f"{referer.path}?{referer.query}".rstrip("?") if referer.netloc == request.get_host() else ""
