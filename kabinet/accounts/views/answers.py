"""What the pages of accounts have in common."""

from datetime import datetime
from math import ceil
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from kabinet.accounts.forms.fields import PageForm
from kabinet.accounts.http import AccountRequest, next_page
from kabinet.infra import clock


def answer(request: AccountRequest, template: str, form: PageForm, **facts: Any) -> HttpResponse:
    """Show a form with its status; too many tries say when to come back."""
    context = {"form": form, "next": next_page(request), **facts}
    response = render(request, template, context, status=form.status)
    if form.until:
        response.headers["Retry-After"] = str(seconds_to(form.until))
    return response


def seconds_to(until: datetime) -> int:
    return max(1, ceil((until - clock.technical_now()).total_seconds()))
