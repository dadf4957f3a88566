"""The feed out, its acknowledgements in."""

from typing import Any

from django.http import HttpResponse
from pydantic import ValidationError

from kabinet.exchange.services import feed
from kabinet.exchange.values.wire import FEED_LIMIT, Acknowledgement
from kabinet.exchange.views.door import PartnerRequest, Refused, json_answer, json_of, partner_only
from kabinet.infra import clock
from kabinet.infra.models import Event

USUAL_LIMIT = 500


@partner_only("GET")
def give(request: PartnerRequest) -> HttpResponse:
    """Give what follows a number, or what was not acknowledged yet."""
    after = _number(request, "after", default=None, most=2**63 - 1)
    limit = _number(request, "limit", default=USUAL_LIMIT, most=FEED_LIMIT) or USUAL_LIMIT
    try:
        events = feed.give(request.partner, after=after, limit=limit, at=clock.now())
    except feed.NotGiven as early:
        raise Refused(409, "not_given", given=early.given) from None
    last = events[-1].seq if events else request.partner.acknowledged_seq if after is None else after
    return json_answer({"items": [_item(event) for event in events], "last": last})


@partner_only("POST")
def acknowledge(request: PartnerRequest) -> HttpResponse:
    """Move the cursor: everything up to the number is safe in billing."""
    try:
        acknowledgement = Acknowledgement.model_validate(json_of(request), strict=True)
    except ValidationError:
        raise Refused(400, "bad_request", field="upto") from None
    try:
        answer = feed.acknowledge(request.partner, upto=acknowledgement.upto, by=request.actor, at=clock.now())
    except feed.NotGiven as early:
        raise Refused(409, "not_given", given=early.given) from None
    return json_answer(answer.model_dump())


def _item(event: Event) -> dict[str, Any]:
    return {
        "seq": event.seq,
        "id": str(event.uid),
        "kind": event.kind,
        "at": event.at.isoformat(),
        "contract": event.payload["contract"],
        "payload": event.payload,
    }


def _number(request: PartnerRequest, name: str, *, default: int | None, most: int) -> int | None:
    """Read a whole number of the query; one past the limit is the limit, anything else is refused."""
    raw = request.GET.get(name, "")
    if not raw:
        return default
    if not (raw.isascii() and raw.isdigit()):
        raise Refused(400, "bad_request", field=name)
    return min(int(raw[:20]), most)
