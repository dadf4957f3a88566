"""Probes for whoever watches over the processes."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kabinet.infra import health
from kabinet.infra.health import Report


@require_safe
@never_cache
def livez(_request: HttpRequest) -> HttpResponse:
    return _answer(health.livez())


@require_safe
@never_cache
def readyz(_request: HttpRequest) -> HttpResponse:
    return _answer(health.readyz())


def _answer(report: Report) -> HttpResponse:
    checks = [{"name": check.name, "state": check.state, **check.facts} for check in report.checks]
    status = HTTPStatus.OK if report.is_ready else HTTPStatus.SERVICE_UNAVAILABLE
    return JsonResponse({"ready": report.is_ready, "checks": checks}, status=status)


livez.provider_optional = readyz.provider_optional = True  # type: ignore[attr-defined]
