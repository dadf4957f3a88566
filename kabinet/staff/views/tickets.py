"""«Обратная связь»: the queue and what is done with a ticket (STAFF-01)."""

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kabinet.accounts.rules import staff as staff_rules
from kabinet.accounts.values import StaffAction
from kabinet.contracts.services.roles import AppointRefused
from kabinet.infra import clock, ids, storage
from kabinet.infra.idempotency import KeyReused
from kabinet.infra.loads import Load, weighs, weighs_sent
from kabinet.providers.values import Section
from kabinet.staff.forms.duties import AccessForm, AnswerForm, CloseForm, NoteForm
from kabinet.staff.http import OfficeRequest, duty
from kabinet.staff.selectors import audit
from kabinet.staff.selectors import tickets as selectors
from kabinet.staff.views.answering import page_of
from kabinet.tickets import selectors as tickets_
from kabinet.tickets import services
from kabinet.tickets.models import Ticket
from kabinet.tickets.rules.deeds import status_after
from kabinet.tickets.rules.topics import is_about_access
from kabinet.tickets.services import FilesRefused, NotAboutAccess, NotPossible, TicketUnknown
from kabinet.tickets.services.asking import GivenFile
from kabinet.tickets.values import Deed, Status

SHOWING_TICKETS: Final = frozenset({Section.TICKETS, Section.REQUESTS})


@require_safe
@duty(StaffAction.ANSWER_TICKETS)
def tickets(request: OfficeRequest) -> HttpResponse:
    """Show the queue: open tickets, or those of one state."""
    queue = tickets_.queue_of(request.provider.row.pk)
    state = request.GET.get("state", "")
    if state in set(Status):
        queue = queue.filter(status=state)
    elif state != "all":
        state, queue = "", queue.exclude(status=Status.CLOSED)
    return render(request, "staff/tickets.html", {"page": page_of(request, queue), "state": state})


@require_safe
@duty(StaffAction.ANSWER_TICKETS)
def ticket(request: OfficeRequest, ticket_id: UUID) -> HttpResponse:
    return _page(request, ticket_id)


@require_POST
@duty(StaffAction.ANSWER_TICKETS)
def take_ticket(request: OfficeRequest, ticket_id: UUID) -> HttpResponse:
    provider, by = request.provider.row, request.actor
    refusal = _refusal(request, lambda: services.take(ticket_id, provider=provider, by=by))
    return refusal or _done(request, ticket_id, _("Обращение у вас в работе."))


@weighs_sent(Load.FILE)
@require_POST
@duty(StaffAction.ANSWER_TICKETS)
def answer_ticket(request: OfficeRequest, ticket_id: UUID) -> HttpResponse:
    row = selectors.ticket_of(request.provider.row.pk, ticket_id)
    form = AnswerForm(request.POST, request.FILES, has_cabinet=row is not None and _has_cabinet(request, row))
    if not form.is_valid():
        return _page(request, ticket_id, answer=form)
    try:
        refusal = _refusal(request, lambda: _answer(request, ticket_id, form))
    except FilesRefused as refused:
        form.refuse_file(refused.name)
        return _page(request, ticket_id, answer=form)
    except KeyReused:
        form.add_error("text", _("С этой страницы другой ответ уже отправлен. Обновите её, чтобы дописать."))
        return _page(request, ticket_id, answer=form)
    return refusal or _done(request, ticket_id, _("Ответ отправлен."))


def _answer(request: OfficeRequest, ticket_id: UUID, form: AnswerForm) -> UUID:
    return services.answer(
        ticket_id,
        form.cleaned_data["text"],
        key=form.cleaned_data["key"],
        provider=request.provider.row,
        by=request.actor,
        at=clock.now(),
        files=[GivenFile(file.name or "", file) for file in form.cleaned_data.get("attachments", ())],
    )


@require_POST
@duty(StaffAction.ANSWER_TICKETS)
def note_ticket(request: OfficeRequest, ticket_id: UUID) -> HttpResponse:
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _page(request, ticket_id, note=form)
    text, provider, by = form.cleaned_data["note"], request.provider.row, request.actor
    at = clock.now()
    refusal = _refusal(request, lambda: services.add_note(ticket_id, text, provider=provider, by=by, at=at))
    return refusal or _done(request, ticket_id, _("Заметка сохранена. Автор её не видит."))


@require_POST
@duty(StaffAction.ANSWER_TICKETS)
def close_ticket(request: OfficeRequest, ticket_id: UUID) -> HttpResponse:
    form = CloseForm(request.POST)
    if not form.is_valid():
        return _page(request, ticket_id, close=form)
    resolution, provider, by = form.cleaned_data["resolution"], request.provider.row, request.actor
    refusal = _refusal(request, lambda: services.close(ticket_id, resolution=resolution, provider=provider, by=by))
    return refusal or _done(request, ticket_id, _("Обращение закрыто."))


@require_POST
@duty(StaffAction.APPOINT_ADMINISTRATORS)
def grant_access(request: OfficeRequest, ticket_id: UUID) -> HttpResponse:
    """Make the author the contract's Администратор, by the answer (ROLE-03)."""
    return _decide(request, ticket_id, services.grant_access, _("Роль «Администратор» назначена, ответ отправлен."))


@require_POST
@duty(StaffAction.APPOINT_ADMINISTRATORS)
def refuse_access(request: OfficeRequest, ticket_id: UUID) -> HttpResponse:
    return _decide(request, ticket_id, services.refuse_access, _("В роли «Администратор» отказано, ответ отправлен."))


def _decide(request: OfficeRequest, ticket_id: UUID, decide: Callable[..., object], words: str) -> HttpResponse:
    form = AccessForm(request.POST)
    if not form.is_valid():
        return _page(request, ticket_id, access=form)
    text, provider = form.cleaned_data["reply"], request.provider.row
    try:
        refusal = _refusal(
            request, lambda: decide(ticket_id, text, provider=provider, by=request.actor, at=clock.now())
        )
    except NotAboutAccess:
        messages.error(request, _("Это обращение не просит роли «Администратор»."))
        return redirect("staff:ticket", ticket_id)
    except AppointRefused as refused:
        form.refuse(refused.problem)
        return _page(request, ticket_id, access=form)
    return refusal or _done(request, ticket_id, words)


@weighs(Load.FILE)  # type: ignore[type-var]  # a stream is an answer like any other
@require_safe
@duty(StaffAction.ANSWER_TICKETS)
def ticket_file(request: OfficeRequest, file_id: UUID) -> FileResponse:
    """Give a file of a ticket, to be kept and never shown in the portal's name."""
    stored = selectors.file_of(request.provider.row.pk, file_id)
    if stored is None:
        raise Http404
    return FileResponse(
        storage.open_(stored), as_attachment=True, filename=stored.original_name, content_type=stored.media_type
    )


def _refusal(request: OfficeRequest, do: Callable[[], object]) -> HttpResponse | None:
    """Do it; what the ticket's state forbids is said over the queue. None means that it is done."""
    try:
        do()
    except TicketUnknown:
        raise Http404 from None
    except NotPossible as refusal:
        closed = refusal.status is Status.CLOSED
        messages.error(request, _("Обращение уже закрыто.") if closed else _("Обращение уже взяли в работу."))
        return redirect("staff:tickets")
    return None


def _done(request: OfficeRequest, ticket_id: UUID, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect("staff:ticket", ticket_id)


def _page(request: OfficeRequest, ticket_id: UUID, **forms: Any) -> HttpResponse:
    row = selectors.ticket_of(request.provider.row.pk, ticket_id)
    if row is None:
        raise Http404
    facts = {
        "ticket": row,
        "said": tickets_.messages_of_office(row),
        "names": audit.names_of(row.provider_id),
        "answer": AnswerForm(initial={"key": str(ids.new())}, has_cabinet=_has_cabinet(request, row)),
        "note": NoteForm(),
        "close": CloseForm(),
        "access": AccessForm(),
        "may_appoint": is_about_access(row) and _may(Deed.CLOSE, row) and _appoints(request),
        "form": next(iter(forms.values()), None),
        **{f"may_{deed}": _may(deed, row) for deed in (Deed.TAKE, Deed.ANSWER, Deed.CLOSE)},
    }
    return render(request, "staff/ticket.html", facts | forms)


def _has_cabinet(request: OfficeRequest, row: Ticket) -> bool:
    """Say whether the author reads his tickets in the cabinet; to all others a letter alone is an answer."""
    return row.author_id is not None and not SHOWING_TICKETS.isdisjoint(request.provider.policy.sections)


def _appoints(request: OfficeRequest) -> bool:
    return staff_rules.may(request.specialist.held, StaffAction.APPOINT_ADMINISTRATORS)


def _may(deed: Deed, row: Ticket) -> bool:
    return status_after(deed, Status(row.status)) is not None
