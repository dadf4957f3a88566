"""«Обратная связь»: with and without signing in (SITE-03, REQ-03)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core import signing
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from kabinet.accounts.models import User
from kabinet.contracts import selectors as contracts
from kabinet.contracts.http import Request
from kabinet.infra import clock
from kabinet.infra.idempotency import KeyReused
from kabinet.infra.limits import LimitReached
from kabinet.infra.loads import Load, weighs_sent
from kabinet.kernel.phones import shown_phone
from kabinet.tickets import selectors, services
from kabinet.tickets.forms import TRAP, FeedbackForm
from kabinet.tickets.services import FilesRefused
from kabinet.tickets.services.asking import GivenFile
from kabinet.tickets.values import Accepted

_SALT = "tickets.accepted"


@weighs_sent(Load.FILE)
@require_http_methods(["GET", "HEAD", "POST"])
def feedback(request: Request) -> HttpResponse:
    form = form_of(request, at=clock.technical_now())
    accepted = taken(request, form)
    if accepted is not None:
        return redirect("tickets:accepted", signing.dumps(str(accepted.ticket_id), salt=_SALT))
    facts = {"form": form, "trap": TRAP, "topics": selectors.topics_of(request.provider.row.pk)}
    return render(request, "tickets/feedback.html", facts, status=form.status)


@require_safe
def accepted(request: Request, token: str) -> HttpResponse:
    """Name the ticket's number and what comes next; the signed address is all that leads here."""
    try:
        ticket_id = UUID(signing.loads(token, salt=_SALT))
    except (signing.BadSignature, ValueError):
        raise Http404 from None
    ticket = selectors.taken_ticket(request.provider.row.pk, ticket_id)
    if ticket is None:
        raise Http404
    facts = {"number": ticket.number, "at": ticket.created_at, "has_letter": bool(ticket.contact_email)}
    return render(request, "tickets/accepted.html", facts)


def taken(request: Request, form: FeedbackForm) -> Accepted | None:
    """Send what the form holds; None where it is not filled in, or not taken, and says why."""
    if not (form.is_bound and form.is_valid()):
        return None
    try:
        return _ask(request, form)
    except KeyReused as reused:
        form.refuse_repeated(reused.accepted["number"])
    except LimitReached as reached:
        form.limit(reached.until, zone=request.provider.row.zone)
    except FilesRefused as refused:
        form.refuse_file(refused.name)
    return None


def form_of(request: Request, *, at: datetime) -> FeedbackForm:
    is_posted = request.method == "POST"
    return FeedbackForm(
        request.POST if is_posted else None,
        request.FILES if is_posted else None,
        at=at,
        is_anonymous=request.user is None,
        contracts=contracts.contracts_of(request.viewer) if request.user else (),
        initial=_asked_for(request) | (known_of(request.user) if request.user else {}),
    )


def _asked_for(request: Request) -> dict[str, Any]:
    """Return what the page that leads here has filled in: a topic by its code, a contract's number."""
    topic = selectors.topic_by_code(request.provider.row.pk, request.GET.get("topic", ""))
    return {"subject": topic.name if topic else "", "contract_number": request.GET.get("contract", "")[:40]}


def known_of(user: User) -> dict[str, Any]:
    """Return what is known of who is signed in, to be filled in."""
    names = (user.last_name, user.first_name, user.middle_name)
    return {"name": " ".join(filter(None, names)), "email": user.email or "", "phone": shown_phone(user.phone)}


def _ask(request: Request, form: FeedbackForm) -> Accepted:
    return services.ask(
        form.value(),
        provider=request.provider.row,
        key=form.key,
        address=request.client_address,
        language=get_language() or "ru",
        files=[GivenFile(file.name or "", file) for file in form.cleaned_data.get("attachments", ())],
        by=request.actor,
        at=clock.now(),
        today=clock.today(request.provider.row.zone),
    )
