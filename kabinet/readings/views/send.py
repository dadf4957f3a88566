"""«Передача показаний приборов учёта ХВС» (READ-01…03)."""

from functools import partial
from typing import Final

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from kabinet.accounts.http import signed_in
from kabinet.contracts.http import Request, for_role
from kabinet.contracts.values import Action
from kabinet.providers.http import opened_by
from kabinet.providers.values import Resource, Section
from kabinet.readings.forms import typed_page
from kabinet.readings.selectors.sheets import sheets_of
from kabinet.readings.services import drafts, sending
from kabinet.readings.views import words
from kabinet.readings.views.pages import SendingPage, answer
from kabinet.readings.views.rows import block_of

PAGE: Final = SendingPage(
    route="readings:send",
    template="readings/send.html",
    words=words.page,
    read=typed_page,
    sheets_of=partial(sheets_of, resource=Resource.COLD_WATER),
    block_of=block_of,
    save=drafts.save,
    submit=sending.submit,
)


@opened_by(Section.READINGS)
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@for_role(Action.SEND_READINGS)
def send(request: Request) -> HttpResponse:
    return answer(request, PAGE)
