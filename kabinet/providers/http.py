"""The request as pages of a provider see it."""

import functools
from collections.abc import Callable
from typing import Any, TypeVar, cast

from django.http import Http404, HttpRequest, HttpResponse

from kabinet.kernel.actors import Actor
from kabinet.providers.selectors import OpenProvider
from kabinet.providers.values import Section

View = TypeVar("View", bound=Callable[..., HttpResponse])


class ProviderRequest(HttpRequest):
    """A request within one provider's cabinet."""

    provider: OpenProvider
    actor: Actor
    client_address: str


class SharedHostRequest(HttpRequest):
    """A request to a shared host, where a provider may still be to choose."""

    provider: OpenProvider | None


def provider_optional(view: View) -> View:
    """Mark a page that a shared host shows before a provider is chosen."""
    view.provider_optional = True  # type: ignore[attr-defined]
    return view


def opened_by(*sections: Section) -> Callable[[View], View]:
    """Open a page only where the provider's policy names a section of it; elsewhere there is no such page (SITE-05)."""

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: ProviderRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not set(sections).intersection(request.provider.policy.sections):
                raise Http404
            return view(request, *args, **kwargs)

        return cast("View", guarded)

    return decorate
