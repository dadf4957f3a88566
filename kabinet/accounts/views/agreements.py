"""Texts of agreements, and the page that asks for new ones before anything else (REG-09, HELP-03)."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from kabinet.accounts import selectors, services
from kabinet.accounts.forms import AcceptForm
from kabinet.accounts.http import AccountRequest, enter, next_page, place_of, with_next
from kabinet.accounts.models import Session
from kabinet.accounts.rules.agreements import paragraphs_of
from kabinet.accounts.services import ConsentMissing, Started
from kabinet.accounts.values import AgreementKind
from kabinet.accounts.views.answers import answer
from kabinet.infra import clock


@require_safe
def agreement(request: AccountRequest, kind: str, version: int | None = None) -> HttpResponse:
    """Show a version of the text, without one the newest."""
    if kind not in set(AgreementKind):
        raise Http404
    versions = selectors.versions_of(request.provider.row.pk, AgreementKind(kind))
    shown = versions.first() if version is None else get_object_or_404(versions, version=version)
    if shown is None:
        raise Http404
    facts = {"agreement": shown, "paragraphs": paragraphs_of(shown.text), "versions": versions}
    return render(request, "accounts/agreement.html", facts)


@require_http_methods(["GET", "HEAD", "POST"])
def accept_agreements(request: AccountRequest) -> HttpResponse:
    """Ask who has just given the right password for what is new; the answer lets the browser in."""
    at = clock.technical_now()
    waiting = selectors.waiting_session(request.session_key, provider_id=request.provider.row.pk, at=at)
    if waiting is None:
        return redirect(with_next("accounts:sign_in", next_page(request)))
    form = _accept_form(request, waiting)
    if form.is_valid():
        try:
            started = _accept(request, form, waiting)
        except ConsentMissing:
            # The texts were replaced between the form and its answer: the form shows the new ones.
            form = _accept_form(request, waiting)
        except Session.DoesNotExist:
            return redirect(with_next("accounts:sign_in", next_page(request)))
        else:
            return enter(request, started)
    return answer(request, "accounts/accept_agreements.html", form)


def _accept_form(request: AccountRequest, waiting: Session) -> AcceptForm:
    asked = selectors.agreements_to_ask(waiting.user, provider_id=request.provider.row.pk)
    organisation = selectors.last_organisation_of(waiting.user) if asked.is_newcomer else ""
    return AcceptForm(
        request.POST or None,
        agreements=asked.agreements,
        is_newcomer=asked.is_newcomer,
        is_introduced_later=request.provider.policy.introduces,
        initial={"organisation": organisation},
    )


def _accept(request: AccountRequest, form: AcceptForm, waiting: Session) -> Started:
    return services.accept_agreements(
        waiting,
        form.value(),
        provider=request.provider.row,
        place=place_of(request),
        by=request.actor,
        at=clock.technical_now(),
    )
