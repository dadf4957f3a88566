"""The request as pages of a provider see it."""

from collections.abc import Callable
from typing import TypeVar

from django.http import HttpRequest, HttpResponse

from kabinet.kernel.actors import Actor
from kabinet.providers.selectors import OpenProvider

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
