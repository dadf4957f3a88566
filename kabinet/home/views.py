"""The front page, the page after sign-in, and the way out for good."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kabinet.accounts.forms import sign_in_form
from kabinet.accounts.http import leave, signed_in
from kabinet.accounts.services import PasswordWrong
from kabinet.accounts.views.answers import answer
from kabinet.contracts.http import Request
from kabinet.home import selectors, services
from kabinet.home.forms import CloseAccountForm
from kabinet.infra import clock
from kabinet.infra.limits import LimitReached
from kabinet.providers import selectors as providers
from kabinet.providers.http import SharedHostRequest, provider_optional


@provider_optional
@require_safe
def front(request: SharedHostRequest) -> HttpResponse:
    """Show the provider's front page; on a shared host the choice of providers, or the only one there is."""
    if request.provider is None:
        return _choose(request)
    return render(request, "home/front.html", {"form": sign_in_form(request.provider.policy)})


def _choose(request: SharedHostRequest) -> HttpResponse:
    choices = [(f"/{provider.slug}/", provider) for provider in providers.open_providers()]
    if len(choices) == 1:
        return HttpResponseRedirect(choices[0][0])
    return render(request, "home/chooser.html", {"choices": choices})


@signed_in
@require_safe
def start(request: Request) -> HttpResponse:
    """Say what there is to do now, one click from done (SITE-06)."""
    if not request.viewer.memberships:
        return render(request, "home/welcome.html")
    today = clock.today(request.provider.row.zone)
    todo = selectors.todo_of(request.viewer, request.provider, today=today)
    return render(request, "home/start.html", {"todo": todo, "today": today})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def close_account(request: Request) -> HttpResponse:
    """Ask for the password, naming what goes; then there is nobody signed in any more (PROF-04)."""
    form = CloseAccountForm(request.POST or None)
    if form.is_valid():
        try:
            _close(request, form)
        except PasswordWrong:
            form.refuse()
        except LimitReached as reached:
            form.limit(reached.until, zone=request.provider.row.zone)
        else:
            leave(request)
            messages.success(request, _("Аккаунт удалён."))
            return redirect("home:front")
    return answer(request, "home/close_account.html", form, belongings=selectors.belongings_of(request.viewer))


def _close(request: Request, form: CloseAccountForm) -> None:
    services.close_account(
        form.cleaned_data["password"],
        session=request.session,
        by=request.actor,
        at=clock.now(),
        technical_at=clock.technical_now(),
    )
