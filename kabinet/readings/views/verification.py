"""«Поверка приборов учёта»: the meters whose verification comes within sixty days or is over, by contract."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Final
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from kabinet.accounts.http import signed_in
from kabinet.contracts.http import Request, for_role
from kabinet.contracts.models import Contract, Meter
from kabinet.contracts.values import Action
from kabinet.infra import clock
from kabinet.providers.http import opened_by
from kabinet.providers.values import Section
from kabinet.readings.rules.verification import Notice, notice_of
from kabinet.readings.selectors.verification import due_meters_of
from kabinet.readings.views import point_words
from kabinet.readings.views.blocks import day_words

METERS_ON_A_PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class DueRow:
    """A meter with the day of its verification; `words` say how near it is."""

    meter: Meter
    url: str
    due: str
    words: str
    presses: bool


@dataclass(frozen=True, slots=True)
class DueGroup:
    """The rows of one contract on the page."""

    contract: Contract
    rows: tuple[DueRow, ...]


@opened_by(Section.POINT_READINGS)
@signed_in
@require_safe
@for_role(Action.SEE_READINGS)
def verification(request: Request) -> HttpResponse:
    """Show what is to be verified, the soonest first in each contract."""
    today = clock.today(request.provider.row.zone)
    found = due_meters_of(request.viewer, today=today)
    page = Paginator(found, METERS_ON_A_PAGE).get_page(request.GET.get("page"))
    facts = {
        "page": page,
        "groups": _groups(page.object_list, today=today),
        "may_ask": Section.TICKETS in request.provider.policy.sections,
    }
    return render(request, "readings/verification.html", facts)


def _groups(meters: Iterable[Meter], *, today: date) -> list[DueGroup]:
    grouped = groupby(meters, key=_contract_id)
    lists = [list(own) for _contract, own in grouped]
    return [DueGroup(own[0].contract, tuple(_row(meter, today=today) for meter in own)) for own in lists]


def _contract_id(meter: Meter) -> UUID:
    return meter.contract_id


def _row(meter: Meter, *, today: date) -> DueRow:
    notice = notice_of(meter.verification_due, today=today)
    return DueRow(
        meter=meter,
        url=reverse("readings:meter", args=[meter.pk]),
        due=day_words(meter.verification_due),
        words=point_words.verification_left(meter.verification_due, today=today),
        presses=notice in {Notice.EXPIRED, Notice.IN_7_DAYS},
    )
