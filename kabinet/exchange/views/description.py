"""The exchange described for programs."""

from typing import Final

from django.http import HttpResponse

from kabinet.exchange.formats.openapi import description
from kabinet.exchange.views.door import PartnerRequest, json_answer, partner_only

NAME: Final = "openapi.json"


@partner_only("GET")
def give(request: PartnerRequest) -> HttpResponse:
    """Describe this provider's exchange in OpenAPI."""
    return json_answer(description(base=request.path.removesuffix(f"/{NAME}")))
