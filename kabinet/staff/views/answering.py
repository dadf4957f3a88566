"""What the pages of the office have in common."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import render

from kabinet.accounts.forms.fields import PageForm
from kabinet.accounts.views.answers import seconds_to
from kabinet.staff.http import EntranceRequest

ROWS = 40


def answer(request: EntranceRequest, template: str, form: PageForm, **facts: Any) -> HttpResponse:
    """Show a form with its status; too many tries say when to come back."""
    response = render(request, template, {"form": form, **facts}, status=form.status)
    if form.until:
        response.headers["Retry-After"] = str(seconds_to(form.until))
    return response


def page_of(request: EntranceRequest, rows: Any) -> Page[Any]:
    """Return the page that the address names; a wrong number gives the nearest."""
    return Paginator(rows, ROWS).get_page(request.GET.get("page"))
