"""Files that the script of a page sends by itself, to show how much has arrived (`frontend/scripts/30-upload.js`)."""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url

ASKED_BY = "X-Upload"
LEADS_TO = "X-Upload-Leads-To"


def lead_on(request: HttpRequest, to: str, *args: Any) -> HttpResponse:
    """Lead to the next page; a script is told where that is, for it would read what a redirect leads to unseen."""
    if ASKED_BY in request.headers:
        return HttpResponse(status=HTTPStatus.NO_CONTENT, headers={LEADS_TO: resolve_url(to, *args)})
    return redirect(to, *args)
