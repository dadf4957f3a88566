"""The shell around each page: menu, person, bars, foot."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from django.http import HttpRequest
from django.urls import get_script_prefix, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kabinet.contracts.rules import rights
from kabinet.contracts.values import Action, Viewer
from kabinet.providers.values import Section
from kabinet.web.shell import Bar, Footer, MenuItem, Person

KEPT_AT_MOST: Final = 512
_kept: dict[tuple[Any, ...], dict[str, Any]] = {}


def shell(request: HttpRequest) -> dict[str, Any]:
    """Build what stands around the content from what the request has already loaded: no query is made here.

    It is the same for everybody whose roles, counters and page are the same, and is built once for them.
    """
    provider = getattr(request, "provider", None)
    if provider is None:
        return {}
    viewer: Viewer | None = getattr(request, "viewer", None)
    facts = _facts_of(request, viewer)
    return facts if viewer is None else facts | {"person_name": viewer.display_name}


def _facts_of(request: Any, viewer: Viewer | None) -> dict[str, Any]:
    key = (
        get_script_prefix(),
        get_language(),
        request.path,
        request.provider.policy.sections,
        *_told_of(request, viewer),
    )
    facts = _kept.get(key)
    if facts is None:
        facts = _built(request, viewer) | {"shell_key": key}
        if len(_kept) >= KEPT_AT_MOST:
            _kept.clear()
        _kept[key] = facts
    return facts


def _told_of(request: Any, viewer: Viewer | None) -> tuple[Any, ...]:
    """Return everything of a person that the shell shows or decides by, but for the name."""
    if viewer is None:
        return ()
    roles = frozenset(membership.role for membership in viewer.memberships)
    return roles, viewer.email_confirmed, bool(getattr(request.user, "email", None)), _unread(request)


def _built(request: Any, viewer: Viewer | None) -> dict[str, Any]:
    facts: dict[str, Any] = {"footer": _footer(request.provider.policy.sections)}
    if viewer is None:
        return facts
    return facts | {
        "menu": [
            _marked(item, request.path)
            for item in _menu(viewer, request.provider.policy.sections, unread_tickets=_unread(request))
        ],
        "person": _person(),
        "bars": list(_bars(viewer, has_email=bool(getattr(request.user, "email", None)))),
    }


def _footer(sections: tuple[Section, ...]) -> Footer:
    others = [MenuItem(reverse("help:answers"), _("Помощь"))]
    if Section.REFERENCES in sections:
        others.append(MenuItem(reverse("help:references"), _("Справочная информация")))
    return Footer(
        manual_url=reverse("help:manual"),
        agreement_url=reverse("accounts:agreement", args=["terms"]),
        feedback_url=reverse("tickets:feedback"),
        others=tuple(others),
    )


def _menu(viewer: Viewer, sections: tuple[Section, ...], *, unread_tickets: int) -> Iterator[MenuItem]:
    """Yield the entries that the policy opens and some contract's role allows (SITE-05)."""
    if Section.LINK_CONTRACT in sections:
        yield MenuItem(reverse("contracts:link"), _("Заявка на подключение"))
    yield from _readings(viewer, sections)
    if Section.CONTRACTS in sections and Section.LINK_CONTRACT in sections and viewer.memberships:
        yield MenuItem(reverse("contracts:list"), _("Мои договора"))
    if Section.REQUESTS in sections:
        label = _("Подать заявку/написать заявление")
        yield MenuItem(reverse("tickets:requests"), label, counter=unread_tickets, is_whole=True)
    yield from _bills(viewer, sections)
    yield from _points(viewer, sections)
    past = tuple(_past(viewer, sections))
    if Section.HISTORY in sections and past:
        yield MenuItem(past[0].url, _("История"), children=past)
    else:
        yield from past
    if Section.TICKETS in sections:
        yield MenuItem(reverse("tickets:list"), _("Обращения"), counter=unread_tickets)
    if Section.HELP in sections:
        yield MenuItem(reverse("help:answers"), _("Помощь"))
        more = tuple(_more())
        yield MenuItem(more[0].url, _("Ещё"), children=more)


def _readings(viewer: Viewer, sections: tuple[Section, ...]) -> Iterator[MenuItem]:
    may_send = any(rights.may(m.role, Action.SEND_READINGS) for m in viewer.memberships)
    if Section.READINGS in sections and may_send:
        yield MenuItem(reverse("readings:send"), _("Передача показаний ХВС"))
    if Section.HOUSEHOLD_READINGS in sections and may_send:
        yield MenuItem(reverse("readings:household"), _("Передать показания счетчика"), is_whole=True)
    if Section.SEWAGE_VOLUMES in sections and may_send:
        yield MenuItem(reverse("readings:volumes"), _("Передача объемов по стокам ГВС"))
    if Section.ARCHIVE in sections and may_send:
        yield MenuItem(reverse("readings:archive"), _("Архив показаний"))


def _points(viewer: Viewer, sections: tuple[Section, ...]) -> Iterator[MenuItem]:
    """Yield the business portal's page, to newcomers too: it says what to do first."""
    may_send = any(rights.may(m.role, Action.SEND_READINGS) for m in viewer.memberships)
    if Section.POINT_READINGS in sections and (may_send or not viewer.memberships):
        yield MenuItem(reverse("readings:points"), _("Показания"), is_whole=True)


def _unread(request: HttpRequest) -> int:
    """Return how many tickets have an answer that was not read: a counter that comes with the session."""
    enrollment = request.session.enrollment  # type: ignore[attr-defined]  # our session, not Django's
    return enrollment.unread_tickets if enrollment else 0


def _bills(viewer: Viewer, sections: tuple[Section, ...]) -> Iterator[MenuItem]:
    if Section.SLIP in sections and any(rights.may(m.role, Action.SEE_DOCUMENTS) for m in viewer.memberships):
        yield MenuItem(reverse("billing:slip"), _("Печать квитанции"))
    if Section.CALCULATOR in sections:
        yield MenuItem(reverse("billing:calculator"), _("Калькулятор"))
    if Section.PERSONAL_DATA in sections and viewer.memberships:
        yield MenuItem(reverse("billing:personal"), _("Личные данные"), is_whole=True)


def _past(viewer: Viewer, sections: tuple[Section, ...]) -> Iterator[MenuItem]:
    may_see = any(rights.may(m.role, Action.SEE_READINGS) for m in viewer.memberships)
    if Section.POINT_READINGS in sections and Section.HISTORY in sections and may_see:
        yield MenuItem(reverse("readings:history"), _("Показания"))
    if Section.RECONCILIATION_ACTS in sections:
        may_ask = any(rights.may(m.role, Action.ASK_FOR_RECONCILIATION) for m in viewer.memberships)
        if may_ask:
            yield MenuItem(reverse("billing:acts"), _("Акты сверки"))


def _more() -> Iterator[MenuItem]:
    yield MenuItem(reverse("help:manual"), _("Инструкция пользователя"))
    yield MenuItem(reverse("accounts:agreement", args=["terms"]), _("Пользовательское соглашение"))


def _marked(item: MenuItem, path: str) -> MenuItem:
    """Mark the entry of the page that is shown; of an entry that holds others, the one inside."""
    children = tuple(_marked(child, path) for child in item.children)
    is_here = path.startswith(item.url) if item.is_whole else path == item.url
    return replace(item, active=not children and is_here, children=children)


def _person() -> Person:
    links = (
        MenuItem(reverse("accounts:profile"), _("Профиль")),
        MenuItem(reverse("accounts:password"), _("Смена пароля")),
        MenuItem(reverse("accounts:sessions"), _("Сессии")),
    )
    return Person(links=links, sign_out_url=reverse("accounts:sign_out"))


def _bars(viewer: Viewer, *, has_email: bool) -> Iterator[Bar]:
    """Yield the bar of PROF-02: the profile has the place for the code."""
    if not viewer.email_confirmed:
        unconfirmed = _("Подтвердите адрес электронной почты: до этого нельзя подключить договор и передать показания.")
        absent = _("Укажите адрес электронной почты: без него нельзя подключить договор и передать показания.")
        yield Bar(unconfirmed if has_email else absent, url=reverse("accounts:profile"), action=_("Перейти в профиль"))
