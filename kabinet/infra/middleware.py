"""Probes are answered before anything else is asked."""

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse

from kabinet.infra import views

PROBES: Final = {"/livez": views.livez, "/readyz": views.readyz}


class Probes:
    """Stand first: a probe comes over plain http, by an address that is nobody's host, and must not need a session.

    The rest of the chain would redirect it, refuse its host, or ask the database whose page it is.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        probe = PROBES.get(request.path_info)
        return probe(request) if probe else self.get_response(request)
