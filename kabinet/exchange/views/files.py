"""Files in: the bytes of acts and annexes, which are too large for a row of a batch."""

import tempfile
from typing import Final

from django.http import HttpResponse

from kabinet.contracts.services import papers
from kabinet.exchange.formats.packing import MEGABYTE
from kabinet.exchange.values.wire import FileKept
from kabinet.exchange.views import bodies
from kabinet.exchange.views.door import PartnerRequest, Refused, json_answer, partner_only
from kabinet.infra import clock
from kabinet.infra.loads import Load

LARGEST: Final = 5 * MEGABYTE
PDF: Final = "application/pdf"


@partner_only("POST", load=Load.BATCH)
def receive(request: PartnerRequest) -> HttpResponse:
    """Keep a PDF and give the name under which a row may point at it; the same bytes get the same name."""
    if request.content_type != PDF:
        raise Refused(415, "pdf_only")
    with tempfile.TemporaryFile() as file:
        bodies.pour(request, file, most=LARGEST)
        try:
            kept = papers.keep(file, provider=request.provider.row, by=request.actor, at=clock.now())
        except papers.NotPdf:
            raise Refused(415, "pdf_only") from None
    answer = FileKept(file=kept.pk, sha256=kept.sha256, size=kept.stored.size)
    return json_answer(answer.model_dump(mode="json"))
