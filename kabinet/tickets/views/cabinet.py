"""«Обращения»: one's own tickets, a conversation, a new one (TICK-01…03)."""

from itertools import groupby
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kabinet.accounts.http import signed_in
from kabinet.contracts import selectors as contracts
from kabinet.contracts.http import Request, contract_for
from kabinet.contracts.values import Action
from kabinet.infra import clock, ids
from kabinet.infra.idempotency import KeyReused
from kabinet.infra.limits import LimitReached
from kabinet.infra.loads import Load, weighs_sent
from kabinet.providers.http import opened_by
from kabinet.providers.values import Section
from kabinet.tickets import selectors, services
from kabinet.tickets.forms import ChooseForm, WriteForm
from kabinet.tickets.models import Ticket
from kabinet.tickets.rules.deeds import status_after
from kabinet.tickets.services import AccessNotAsked, FilesRefused, NotPossible, TicketUnknown
from kabinet.tickets.services.asking import GivenFile
from kabinet.tickets.values import Accepted, Contact, Deed, Question, Status

ON_A_PAGE = 30


@opened_by(Section.TICKETS)
@signed_in
@require_safe
def tickets(request: Request) -> HttpResponse:
    """Show one's own tickets under the days of their last messages."""
    page = Paginator(selectors.tickets_of(request.viewer), ON_A_PAGE).get_page(request.GET.get("page"))
    zone = request.provider.row.zone
    days = [
        (day, list(rows))
        for day, rows in groupby(page.object_list, key=lambda row: row.last_message_at.astimezone(zone).date())
    ]
    return render(request, "tickets/list.html", {"page": page, "days": days})


@weighs_sent(Load.FILE)
@opened_by(Section.TICKETS, Section.REQUESTS)
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def ticket(request: Request, ticket_id: UUID) -> HttpResponse:
    """Show the conversation, and take what its author adds."""
    row = selectors.ticket_for(request.viewer, ticket_id)
    if row is None:
        raise Http404
    form = _write_form(request)
    if form.is_bound and form.is_valid():
        try:
            _reply(request, row, form)
        except NotPossible:
            messages.error(request, _("Обращение уже закрыто. Создайте новое: текст остался в поле."))
        except FilesRefused as refused:
            form.refuse_file(refused.name)
        except KeyReused:
            form.refuse_repeated()
        else:
            messages.success(request, _("Сообщение отправлено."))
            return redirect("tickets:ticket", row.pk)
    facts = {
        "ticket": row,
        "said": selectors.messages_of(request.viewer, row),
        "form": form,
        "is_of_requests": Section.TICKETS not in request.provider.policy.sections,
        "may_reply": status_after(Deed.REPLY, Status(row.status)) is not None,
    }
    return render(request, "tickets/ticket.html", facts, status=form.status)


@opened_by(Section.TICKETS, Section.REQUESTS)
@signed_in
@require_POST
def mark_read(request: Request, ticket_id: UUID) -> HttpResponse:
    """Take the ticket from the counter: the page of the conversation asks for it once it is shown."""
    try:
        services.mark_read(ticket_id, provider=request.provider.row, by=request.actor)
    except TicketUnknown:
        raise Http404 from None
    return HttpResponse() if "HX-Request" in request.headers else redirect("tickets:ticket", ticket_id)


@opened_by(Section.TICKETS)
@signed_in
@require_safe
def choose(request: Request) -> HttpResponse:
    """Ask what it is about, the first step; its answer is the address of the second."""
    form = _choose_form(request, is_bound="section" in request.GET and "next" in request.GET)
    if form.is_bound and form.is_valid():
        chosen = (form.cleaned_data["section"], form.cleaned_data["contract"])
        return redirect("tickets:write_about", *chosen) if chosen[1] else redirect("tickets:write", chosen[0])
    return render(request, "tickets/choose.html", {"form": form})


@opened_by(Section.TICKETS)
@signed_in
@require_safe
def ask_access(request: Request, contract_id: UUID) -> HttpResponse:
    """Lead to the open request for the role «Администратор», or to a new one that is filled in (ROLE-03)."""
    contract = contract_for(request, contract_id, action=Action.ASK_FOR_ADMINISTRATOR)
    asked = selectors.open_request_for_access(request.viewer, contract)
    if asked:
        return redirect("tickets:ticket", asked.pk)
    section = selectors.access_section(request.provider.row.pk)
    if section is None:
        raise Http404
    return redirect(f"{reverse('tickets:choose')}?{urlencode({'section': section, 'contract': contract.pk})}")


@weighs_sent(Load.FILE)
@opened_by(Section.TICKETS)
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: Request, section: UUID, contract_id: UUID | None = None) -> HttpResponse:
    """Ask for the words and the files, the second step."""
    about = _choose_form(request, given={"section": str(section), "contract": str(contract_id or "")})
    if not about.is_valid():
        raise Http404
    form = _write_form(request)
    if form.is_bound and form.is_valid():
        try:
            accepted = _ask(request, about, form)
        except FilesRefused as refused:
            form.refuse_file(refused.name)
        except KeyReused:
            form.refuse_repeated()
        except AccessNotAsked as refusal:
            form.refuse_access(refusal.problem)
        except LimitReached as reached:
            form.limit(reached.until, zone=request.provider.row.zone)
        else:
            messages.success(request, _("Обращение %(number)s отправлено.") % {"number": accepted.number})
            return redirect("tickets:ticket", accepted.ticket_id)
    facts = {"form": form, "theme": about.theme, "section": about.chosen.name, "contract": _contract_named(about)}
    return render(request, "tickets/write.html", facts, status=form.status)


def _choose_form(request: Request, *, is_bound: bool = True, given: dict[str, str] | None = None) -> ChooseForm:
    asked = given if given is not None else request.GET.dict()
    return ChooseForm(
        asked if is_bound else None,
        topics=selectors.sections_by_topic(request.provider.row.pk),
        contracts=contracts.contracts_of(request.viewer),
        access_section=selectors.access_section(request.provider.row.pk),
        initial=asked,
    )


def _contract_named(about: ChooseForm) -> str:
    named = dict(about.fields["contract"].choices)  # type: ignore[attr-defined]  # a field of choices
    chosen = about.cleaned_data["contract"]
    return str(named[chosen]) if chosen else ""


def _write_form(request: Request) -> WriteForm:
    is_posted = request.method == "POST"
    return WriteForm(
        request.POST if is_posted else None,
        request.FILES if is_posted else None,
        initial={"key": str(ids.new())},
    )


def _files(form: WriteForm) -> list[GivenFile]:
    return [GivenFile(file.name or "", file) for file in form.cleaned_data["attachments"]]


def _reply(request: Request, row: Ticket, form: WriteForm) -> None:
    services.reply(
        row.pk,
        form.cleaned_data["text"],
        key=form.cleaned_data["key"],
        provider=request.provider.row,
        files=_files(form),
        by=request.actor,
        at=clock.now(),
    )


def _ask(request: Request, about: ChooseForm, form: WriteForm) -> Accepted:
    user: Any = request.user
    names = (user.last_name, user.first_name, user.middle_name)
    question = Question(
        subject=about.chosen.name,
        text=form.cleaned_data["text"],
        contact=Contact(" ".join(filter(None, names)), user.email or "", user.phone),
        section_id=about.chosen.section_id,
        contract_id=UUID(about.cleaned_data["contract"]) if about.cleaned_data["contract"] else None,
    )
    return services.ask(
        question,
        provider=request.provider.row,
        key=form.cleaned_data["key"],
        address=request.client_address,
        language=get_language() or "ru",
        files=_files(form),
        by=request.actor,
        at=clock.now(),
        today=clock.today(request.provider.row.zone),
    )
