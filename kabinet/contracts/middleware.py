"""Whose eyes a request has: session, user, enrollment and memberships."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from kabinet.contracts.http import ASKED_BESIDE, role_is_not_enough
from kabinet.contracts.selectors import eyes
from kabinet.contracts.services.access import EmailUnconfirmed, NotAllowed, NotSeen
from kabinet.infra import clock
from kabinet.infra.statements import together
from kabinet.kernel.actors import Actor, ActorKind, Channel
from kabinet.web import errors


class ViewerOfRequest:
    """Set `session`, `user`, `viewer` and `actor`; without a session's cookie the database is not asked."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        _attach(request)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer for the door: what is not seen is not there; what a role lacks, somebody can give."""
        match exception:
            case NotSeen():
                return errors.handler404(request)
            case NotAllowed():
                return errors.handler403(request, PermissionDenied(role_is_not_enough()))
            case EmailUnconfirmed():
                words = _("Сначала подтвердите адрес электронной почты: код отправлен вам письмом.")
                return errors.handler403(request, PermissionDenied(words))
            case _:
                return None


def _attach(request: Any) -> None:
    provider_id = request.provider.row.pk if request.provider else None
    request.session = request.user = request.viewer = request.beside = None
    request.actor = Actor(ActorKind.ANONYMOUS, provider_id=provider_id, channel=Channel.PUBLIC)
    if provider_id is None or not request.session_key:
        return
    asking = eyes.asking(request.session_key, provider_id=provider_id, at=clock.technical_now(), now=clock.now())
    beside = ASKED_BESIDE.get(request.path_info)
    told, *others = together(asking, *([beside(request)] if beside else []))
    found = eyes.eyes_from(told)
    if found is None:
        return
    request.session, request.user, request.viewer = found.signed_in.session, found.signed_in.user, found.viewer
    request.beside = others[0] if others else None
    request.actor = Actor(ActorKind.CUSTOMER, id=found.viewer.user_id, provider_id=provider_id, channel=Channel.WEB)
