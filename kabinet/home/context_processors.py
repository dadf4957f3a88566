"""The shell around each page: menu, person, bars, foot."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from kabinet.contracts.rules import rights
from kabinet.contracts.values import Action, Viewer
from kabinet.providers.values import Section
from kabinet.web.shell import Bar, Footer, MenuItem, Person


def shell(request: HttpRequest) -> dict[str, Any]:
    """Build what stands around the content from what the request has already loaded: no query is made here."""
    provider = getattr(request, "provider", None)
    if provider is None:
        return {}
    viewer: Viewer | None = getattr(request, "viewer", None)
    facts: dict[str, Any] = {"footer": _footer()}
    if viewer is None:
        return facts
    items = _menu(viewer, provider.policy.sections)
    return facts | {
        "menu": [MenuItem(url, label, active=request.path == url) for url, label in items],
        "person": _person(viewer),
        "bars": list(_bars(viewer, has_email=bool(getattr(request.user, "email", None)))),
    }


def _footer() -> Footer:
    return Footer(
        manual_url=reverse("help:manual"),
        agreement_url=reverse("accounts:agreement", args=["terms"]),
        feedback_url=reverse("tickets:feedback"),
        others=(MenuItem(reverse("help:answers"), _("Помощь")),),
    )


def _menu(viewer: Viewer, sections: tuple[Section, ...]) -> Iterator[tuple[str, str]]:
    """Yield the entries that the policy opens and some contract's role allows (SITE-05)."""
    may_send = any(rights.may(m.role, Action.SEND_READINGS) for m in viewer.memberships)
    may_ask = any(rights.may(m.role, Action.ASK_FOR_RECONCILIATION) for m in viewer.memberships)
    if Section.LINK_CONTRACT in sections:
        yield reverse("contracts:link"), _("Заявка на подключение")
    if Section.READINGS in sections and may_send:
        yield reverse("readings:send"), _("Передача показаний ХВС")
    if Section.SEWAGE_VOLUMES in sections and may_send:
        yield reverse("readings:volumes"), _("Передача объемов по стокам ГВС")
    if Section.ARCHIVE in sections and may_send:
        yield reverse("readings:archive"), _("Архив показаний")
    if Section.CONTRACTS in sections and viewer.memberships:
        yield reverse("contracts:list"), _("Мои договора")
    if Section.RECONCILIATION_ACTS in sections and may_ask:
        yield reverse("billing:acts"), _("Акты сверки")


def _person(viewer: Viewer) -> Person:
    links = (
        MenuItem(reverse("accounts:profile"), _("Профиль")),
        MenuItem(reverse("accounts:password"), _("Смена пароля")),
        MenuItem(reverse("accounts:sessions"), _("Сессии")),
    )
    return Person(viewer.display_name, links=links, sign_out_url=reverse("accounts:sign_out"))


def _bars(viewer: Viewer, *, has_email: bool) -> Iterator[Bar]:
    """Yield the bar of PROF-02: the profile has the place for the code."""
    if not viewer.email_confirmed:
        unconfirmed = _("Подтвердите адрес электронной почты: до этого нельзя подключить договор и передать показания.")
        absent = _("Укажите адрес электронной почты: без него нельзя подключить договор и передать показания.")
        yield Bar(unconfirmed if has_email else absent, url=reverse("accounts:profile"), action=_("Перейти в профиль"))
