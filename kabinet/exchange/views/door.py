"""Who may come in, and how every refusal looks: a code, a sentence, details."""

import functools
import json
import logging
from collections.abc import Callable
from typing import Any, Concatenate, Final, ParamSpec

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from kabinet.exchange import selectors
from kabinet.exchange.models import Partner
from kabinet.exchange.schemas import refusal_as_json
from kabinet.exchange.services.partners import hash_of
from kabinet.infra.loads import Load, weighs
from kabinet.kernel.actors import Actor, ActorKind, Channel
from kabinet.providers.http import ProviderRequest
from kabinet.web.errors import OUTAGES, is_without_room

log = logging.getLogger(__name__)

RETRY_AFTER_SECONDS: Final = 5
P = ParamSpec("P")


class PartnerRequest(ProviderRequest):
    """A request of a billing system whose key was right."""

    partner: Partner


class Refused(Exception):
    """Raised when a request goes no further; carries the answer."""

    def __init__(self, status: int, code: str, **details: Any) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.details = details


Body = Callable[Concatenate[PartnerRequest, P], HttpResponse]


def partner_only(method: str, *, load: Load = Load.EXCHANGE) -> Callable[[Body[P]], Body[P]]:
    """Let in whoever shows a key of this provider, by one method; cookies count for nothing here."""

    def decorate(body: Body[P]) -> Body[P]:
        @weighs(load, busy=_put_off)
        @csrf_exempt
        @functools.wraps(body)
        def view(request: PartnerRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            try:
                _require_method(request, method)
                request.partner = _partner_of(request)
                request.actor = _actor_of(request.partner)
                return body(request, *args, **kwargs)
            except Refused as refusal:
                return answer_of(refusal)
            except (*OUTAGES, OSError) as error:
                return answer_of(_outage_of(error))

        return view

    return decorate


def _put_off(_request: HttpRequest) -> HttpResponse:
    return answer_of(Refused(503, "busy"))


def _require_method(request: ProviderRequest, method: str) -> None:
    if request.method != method:
        raise Refused(405, "method_not_allowed", allowed=method)


def _partner_of(request: ProviderRequest) -> Partner:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Refused(401, "bad_key")
    partner = selectors.partner_by_hash(hash_of(token.strip()))
    if partner is None:
        raise Refused(401, "bad_key")
    if partner.provider_id != request.provider.row.pk:
        raise Refused(403, "foreign_key")
    if not partner.is_active:
        raise Refused(403, "key_revoked")
    return partner


def _actor_of(partner: Partner) -> Actor:
    return Actor(ActorKind.PARTNER, id=partner.pk, provider_id=partner.provider_id, channel=Channel.EXCHANGE)


def _outage_of(error: Exception) -> Refused:
    """Say what is out of order; what is neither the database nor a full disk is raised on."""
    if is_without_room(error):
        log.error("exchange met a full disk", exc_info=error)
        return Refused(507, "no_room")
    if isinstance(error, OUTAGES):
        log.error("exchange met the database out of order", exc_info=error)
        return Refused(503, "busy")
    raise error


def answer_of(refusal: Refused) -> HttpResponse:
    response = json_answer(refusal_as_json(refusal.code, refusal.details), status=refusal.status)
    match refusal.status:
        case 401:
            response["WWW-Authenticate"] = "Bearer"
        case 405:
            response["Allow"] = refusal.details["allowed"]
        case 503 | 507:
            response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def json_answer(body: dict[str, Any], *, status: int = 200) -> HttpResponse:
    response = JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False})
    response["Cache-Control"] = "no-store"
    return response


def json_of(request: ProviderRequest, *, longest: int = 10_000) -> Any:
    """Read a small JSON body."""
    raw = request.read(longest + 1)
    if len(raw) > longest:
        raise Refused(413, "too_large", limit=longest)
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        raise Refused(400, "bad_request", field="") from None
