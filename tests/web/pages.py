"""Addresses whose views fail on purpose, and the few middlewares that stand around them: no database anywhere."""

import errno
from datetime import timedelta
from typing import Any, NoReturn

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path
from psycopg.errors import DiskFull
from psycopg_pool import PoolTimeout

from kabinet.infra import clock
from kabinet.infra.idempotency import KeyReused
from kabinet.infra.limits import Limit, LimitReached
from kabinet.web import errors

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "kabinet.web.middleware.SecurityHeaders",
    "kabinet.web.middleware.Language",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "kabinet.web.middleware.Refusals",
]
CONTEXT_PROCESSORS = [
    "django.template.context_processors.request",
    "django.contrib.messages.context_processors.messages",
    "kabinet.web.context_processors.page",
]


class Wrapped(Exception):
    """A library's own fault, raised from the driver's."""


def fault(request: HttpRequest, name: str) -> NoReturn:
    if name == "wrapped":
        raise Wrapped from OperationalError("gone")
    if name == "data":
        raise OperationalError("could not extend file") from DiskFull()
    raise {
        "operational": OperationalError("gone"),
        "disk": OSError(errno.ENOSPC, "No space left on device"),
        "interface": InterfaceError("closed"),
        "pool": PoolTimeout("no connection"),
        "bug": ZeroDivisionError("secret words"),
        "denied": PermissionDenied("Попросите Администратора договора."),
        "missing": Http404("no row"),
        "suspicious": SuspiciousOperation("bad"),
        "big": RequestDataTooBig("big"),
        "limit": LimitReached(
            Limit("x", 5, timedelta(hours=1)), clock.technical_now() + timedelta(minutes=3, seconds=5)
        ),
        "key": KeyReused({}),
    }[name]


def conflict(request: HttpRequest) -> HttpResponse:
    return errors.conflict(request, accepted=[("Прибор", "300963")], url="/again/", action="отправить как исправление")


def form(request: HttpRequest) -> HttpResponse:
    return render(request, "base.html")


def signed_in(request: HttpRequest) -> HttpResponse:
    response = HttpResponse("page")
    response.set_cookie("kabinet", "token")
    return response


handler400 = errors.handler400
handler403 = errors.handler403
handler404 = errors.handler404
handler500 = errors.handler500

urlpatterns: list[Any] = [
    path("", include("kabinet.web.urls")),
    path("fault/<str:name>/", fault),
    path("conflict/", conflict),
    path("form/", form),
    path("signed-in/", signed_in),
]
