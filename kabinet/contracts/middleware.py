"""Whose eyes a request has: session, user, enrollment and memberships."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from kabinet.accounts import selectors as accounts
from kabinet.contracts import selectors
from kabinet.infra import clock
from kabinet.kernel.actors import Actor, ActorKind, Channel


class ViewerOfRequest:
    """Set `session`, `user`, `viewer` and `actor`; without a session's cookie the database is not asked."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        _attach(request)
        return self.get_response(request)


def _attach(request: Any) -> None:
    provider_id = request.provider.row.pk if request.provider else None
    request.session = request.user = request.viewer = None
    request.actor = Actor(ActorKind.ANONYMOUS, provider_id=provider_id, channel=Channel.PUBLIC)
    if provider_id is None or not request.session_key:
        return
    signed_in = accounts.signed_in_as(request.session_key, provider_id=provider_id, at=clock.technical_now())
    if signed_in is None:
        return
    request.session, request.user = signed_in.session, signed_in.user
    request.viewer = selectors.viewer_of(signed_in, provider_id=provider_id)
    request.actor = Actor(ActorKind.CUSTOMER, id=signed_in.user.pk, provider_id=provider_id, channel=Channel.WEB)
