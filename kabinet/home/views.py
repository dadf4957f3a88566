"""The front page, and the page after sign-in."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kabinet.accounts.forms import SignInForm
from kabinet.accounts.http import signed_in
from kabinet.contracts.http import Request
from kabinet.home import selectors
from kabinet.infra import clock
from kabinet.providers import selectors as providers
from kabinet.providers.http import SharedHostRequest, provider_optional


@provider_optional
@require_safe
def front(request: SharedHostRequest) -> HttpResponse:
    """Show the provider's front page; on a shared host the choice of providers, or the only one there is."""
    if request.provider is None:
        return _choose(request)
    return render(request, "home/front.html", {"form": SignInForm()})


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
    return render(request, "home/start.html", {"todo": todo})
