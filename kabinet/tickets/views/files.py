"""Files of tickets: for their parties only (I27)."""

from uuid import UUID

from django.http import FileResponse, Http404
from django.views.decorators.http import require_safe

from kabinet.accounts.http import signed_in
from kabinet.contracts.http import Request
from kabinet.infra import storage
from kabinet.infra.loads import Load, weighs
from kabinet.tickets import selectors


@weighs(Load.FILE)  # type: ignore[type-var]  # a stream is an answer like any other
@signed_in
@require_safe
def file(request: Request, file_id: UUID) -> FileResponse:
    """Give the author a file of his own ticket, to be kept and never shown in the portal's name."""
    stored = selectors.file_of(request.viewer, file_id)
    if stored is None:
        raise Http404
    return FileResponse(
        storage.open_(stored),
        as_attachment=True,
        filename=stored.original_name,
        content_type=stored.media_type,
        headers={"Cache-Control": "private, no-store"},
    )
