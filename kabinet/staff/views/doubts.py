"""«Сомнительные показания»: what customers confirmed though it was unusual (READ-09)."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kabinet.accounts.values import StaffAction
from kabinet.infra import clock, storage
from kabinet.infra.loads import Load, weighs
from kabinet.readings.models import DoubtfulReading
from kabinet.readings.rules.consumption import register_consumption
from kabinet.readings.selectors import doubts as selectors
from kabinet.readings.selectors.doubts import Doubted
from kabinet.readings.services.doubts import DoubtUnknown, LookedAt, look_at
from kabinet.readings.values import Mistake, Stretch
from kabinet.staff.forms.duties import AskForm
from kabinet.staff.http import OfficeRequest, duty
from kabinet.staff.services.doubts import ask_about
from kabinet.staff.views.answering import page_of
from kabinet.tickets.services.office import FromOffice, NobodyToAsk


@dataclass(frozen=True, slots=True)
class DoubtShown:
    """A row of the queue: finished strings beside the facts."""

    doubt: DoubtfulReading
    previous: str
    value: str
    run: Decimal | None
    why: str


@require_safe
@duty(StaffAction.LOOK_AT_READINGS)
def doubts(request: OfficeRequest) -> HttpResponse:
    page = page_of(request, selectors.waiting_doubts_of(request.provider.row.pk))
    rows = [_shown(one) for one in selectors.with_submissions(page.object_list)]
    return render(request, "staff/doubts.html", {"page": page, "rows": rows})


@require_safe
@duty(StaffAction.LOOK_AT_READINGS)
def doubt(request: OfficeRequest, doubt_id: UUID) -> HttpResponse:
    return _page(request, doubt_id, AskForm())


@require_POST
@duty(StaffAction.LOOK_AT_READINGS)
def look_at_doubt(request: OfficeRequest, doubt_id: UUID) -> HttpResponse:
    provider_id, by, at = request.provider.row.pk, request.actor, clock.now()
    done = _done(request, lambda: look_at(doubt_id, provider_id=provider_id, by=by, at=at))
    if done:
        messages.success(request, _("Показание отмечено как просмотренное."))
    return redirect("staff:doubts")


@require_POST
@duty(StaffAction.LOOK_AT_READINGS)
def ask_about_doubt(request: OfficeRequest, doubt_id: UUID) -> HttpResponse:
    form = AskForm(request.POST)
    if not form.is_valid():
        return _page(request, doubt_id, form)
    question = FromOffice(_("Вопрос о показании счётчика"), form.cleaned_data["text"])
    provider, by, at = request.provider.row, request.actor, clock.now()
    year = clock.today(provider.zone).year
    try:
        done = _done(request, lambda: ask_about(doubt_id, question, provider=provider, by=by, at=at, year=year))
    except NobodyToAsk:
        form.add_error("text", _("У отправителя нет подтверждённой почты: позвоните ему или отметьте «Просмотрено»."))
        return _page(request, doubt_id, form)
    if done:
        messages.success(request, _("Вопрос отправлен клиенту."))
    return redirect("staff:doubts")


@weighs(Load.FILE)  # type: ignore[type-var]  # a stream is an answer like any other
@require_safe
@duty(StaffAction.LOOK_AT_READINGS)
def doubt_photo(request: OfficeRequest, doubt_id: UUID) -> FileResponse:
    """Show the photo: we have made its bytes ourselves."""
    stored = selectors.photo_of(request.provider.row.pk, doubt_id)
    if stored is None:
        raise Http404
    return FileResponse(
        storage.open_(stored),
        filename=stored.original_name,
        content_type=stored.media_type,
        headers={"Cache-Control": "private, no-store"},
    )


def _done(request: OfficeRequest, do: Callable[[], object]) -> bool:
    """Do it; what a colleague has done before is said over the queue."""
    try:
        do()
    except DoubtUnknown:
        raise Http404 from None
    except LookedAt:
        messages.info(request, _("Это показание уже посмотрел ваш коллега."))
        return False
    return True


def _page(request: OfficeRequest, doubt_id: UUID, form: AskForm) -> HttpResponse:
    waiting = selectors.waiting_doubts_of(request.provider.row.pk).filter(pk=doubt_id)
    found = selectors.with_submissions(waiting)
    if not found:
        raise Http404
    return render(request, "staff/doubt.html", {"row": _shown(found[0]), "form": form})


def _shown(one: Doubted) -> DoubtShown:
    register, sent = one.doubt.register, one.submission
    digits = register.integer_digits
    run = None
    if sent.previous is not None:
        stretch = Stretch(Decimal(int(sent.previous)), sent.value)
        run = register_consumption(stretch, integer_digits=digits, rollover_confirmed=sent.rolls_over).difference
    return DoubtShown(
        doubt=one.doubt,
        previous="" if sent.previous is None else str(int(sent.previous)).zfill(digits),
        value=str(int(sent.value)).zfill(digits),
        run=run,
        why=", ".join(_why(code) for code in one.doubt.codes),
    )


def _why(code: str) -> str:
    words = {
        Mistake.LESS_THAN_PREVIOUS: _("меньше предыдущего"),
        Mistake.VOLUME_INSTEAD_OF_READING: _("похоже на расход"),
        Mistake.ROLLOVER_SUSPECTED: _("прошёл полный круг"),
        Mistake.DECIMALS_ENTERED: _("похоже на цифры после запятой"),
        Mistake.CONSUMPTION_TOO_HIGH: _("расход намного больше обычного"),
    }
    return words.get(Mistake(code), code)
