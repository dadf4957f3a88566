"""The request as pages of the office see it, and the doors between them.

The middleware lets nobody in by default; a view says when it is for people who are still on their way in.
"""

import functools
from collections.abc import Callable
from typing import Any, Final, TypeVar, cast

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from kabinet.accounts.models import Specialist, StaffSession, User
from kabinet.accounts.rules import staff as rules
from kabinet.accounts.services.office_entrance import OfficeStarted
from kabinet.accounts.values import Place, StaffAction, StaffRole
from kabinet.providers.http import ProviderRequest

COOKIE: Final = "__Secure-kabinet-office" if settings.COOKIES_ARE_SECURE else "kabinet-office"

View = TypeVar("View", bound=Callable[..., HttpResponse])


class EntranceRequest(ProviderRequest):
    """A request to the office by somebody who may still be on the way in; writing `office_token` changes the cookie."""

    office_token: str
    office_key: str
    office: StaffSession | None


class OfficeRequest(EntranceRequest):
    """A request of a specialist who has passed both factors."""

    office: StaffSession
    specialist: Specialist
    user: User  # type: ignore[assignment]  # never Django's: the office has its own people


def place_of(request: EntranceRequest) -> Place:
    return Place(address=request.client_address, agent=request.headers.get("User-Agent", ""))


def for_anybody(view: View) -> View:
    """Mark the page that is open before the password."""
    view.office_door = "anybody"  # type: ignore[attr-defined]
    return view


def for_half_way(view: View) -> View:
    """Mark a page that is open between the password and the second factor, and to nobody else."""
    view.office_door = "half_way"  # type: ignore[attr-defined]
    return view


def with_first_password(view: View) -> View:
    """Mark a page that is open to who has still to change the password that was printed."""
    view.takes_first_password = True  # type: ignore[attr-defined]
    return view


def duty(action: StaffAction) -> Callable[[View], View]:
    """Open a page to roles that give the duty; others are told whom to ask."""

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: OfficeRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not rules.may(request.specialist.held, action):
                raise PermissionDenied(whom_to_ask(action))
            return view(request, *args, **kwargs)

        guarded.office_duty = action  # type: ignore[attr-defined]
        return cast("View", guarded)

    return decorate


def whom_to_ask(action: StaffAction) -> str:
    roles = ", ".join(_("«%(role)s»") % {"role": role_word(role)} for role in rules.roles_with(action))
    return _("Ваши роли этого не позволяют. Это делает специалист с ролью %(roles)s: попросите его.") % {"roles": roles}


def role_word(role: StaffRole) -> str:
    match role:
        case StaffRole.SUPPORT:
            return _("Поддержка")
        case StaffRole.OPERATOR:
            return _("Оператор расчётов")
        case StaffRole.EDITOR:
            return _("Редактор")
        case StaffRole.AUDITOR:
            return _("Контролёр")
        case StaffRole.ADMINISTRATOR:
            return _("Администратор кабинета")


def enter(request: EntranceRequest, started: OfficeStarted, *, to: str) -> HttpResponse:
    """Give the browser its new session and lead on."""
    request.office_token = started.token
    return redirect(to)


def leave(request: EntranceRequest) -> None:
    request.office_token = ""
