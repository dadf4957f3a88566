"""«Передача объемов по стокам ГВС» (READ-04)."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from kabinet.accounts.http import signed_in
from kabinet.contracts.http import Request, for_role
from kabinet.contracts.values import Action
from kabinet.infra.loads import Load, weighs_sent
from kabinet.providers.http import opened_by
from kabinet.providers.values import Section
from kabinet.readings.forms import typed_volumes
from kabinet.readings.selectors.volumes import VolumeSheet, volume_sheets_of
from kabinet.readings.services import volumes
from kabinet.readings.services.rows import Sending
from kabinet.readings.values import Entry, Outcome
from kabinet.readings.views import volume_words
from kabinet.readings.views.pages import SendingPage, answer
from kabinet.readings.views.volume_rows import block_of


def _sheets(request: Request, *, today: date) -> list[VolumeSheet]:
    return volume_sheets_of(request.viewer, request.provider, today=today)


def _submit(sheet: VolumeSheet, entries: Sequence[Entry], *, sending: Sending) -> list[Outcome]:
    return volumes.submit(sheet.contract, entries, sending=sending)


PAGE: Final = SendingPage(
    route="readings:volumes",
    template="readings/volumes.html",
    words=volume_words.page,
    read=typed_volumes,
    sheets_of=_sheets,
    block_of=block_of,
    save=volumes.save,
    submit=_submit,
)


@weighs_sent(Load.SENDING)
@opened_by(Section.SEWAGE_VOLUMES)
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@for_role(Action.SEND_READINGS)
def send_volumes(request: Request) -> HttpResponse:
    return answer(request, PAGE)
