"""«Передача показаний приборов учёта ХВС» (READ-01…03)."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from kabinet.accounts.http import signed_in
from kabinet.contracts.http import ASKED_BESIDE, Request, asked_beside, for_role
from kabinet.contracts.values import Action
from kabinet.infra import clock
from kabinet.infra.loads import Load, weighs_sent
from kabinet.infra.statements import Statement
from kabinet.providers.http import opened_by
from kabinet.providers.values import Resource, Section
from kabinet.readings.forms import typed_page
from kabinet.readings.selectors.lines import Asked, asking_for
from kabinet.readings.selectors.sheets import Line, Sheet, sheets_of
from kabinet.readings.services import drafts
from kabinet.readings.services import sending as services
from kabinet.readings.services.sending import Sending
from kabinet.readings.values import Entry, Outcome
from kabinet.readings.views import words
from kabinet.readings.views.pages import SendingPage, answer
from kabinet.readings.views.rows import block_of, blocks_held


def _asked_beside(request: Request) -> Statement:
    """Ask for the sheets of whoever has the session, in the breath in which it is asked who that is."""
    asked = Asked(request.provider, Resource.COLD_WATER, clock.today(request.provider.row.zone))
    return asking_for(request.session_key, asked, at=clock.technical_now(), now=clock.now())


ASKED_BESIDE["/readings/cold-water/"] = _asked_beside


def _sheets(request: Request, *, today: date) -> list[Sheet[Line]]:
    rows = asked_beside(request)
    return sheets_of(request.viewer, request.provider, resource=Resource.COLD_WATER, today=today, rows=rows)


def _submit(sheet: Sheet[Line], entries: Sequence[Entry], *, sending: Sending) -> list[Outcome]:
    return services.submit(sheet.contract, entries, sending=sending, sheet=sheet)


PAGE: Final = SendingPage(
    route="readings:send",
    template="readings/send.html",
    words=words.page,
    read=typed_page,
    sheets_of=_sheets,
    block_of=block_of,
    held=blocks_held,
    save=drafts.save,
    submit=_submit,
)


@weighs_sent(Load.SENDING)
@opened_by(Section.READINGS)
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@for_role(Action.SEND_READINGS)
def send(request: Request) -> HttpResponse:
    return answer(request, PAGE)
