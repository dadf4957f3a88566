"""The shell of the office: its own menu and person in place of the customers'."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from kabinet.accounts.models import Specialist
from kabinet.accounts.rules import staff as rules
from kabinet.accounts.values import StaffAction
from kabinet.staff.http import role_word
from kabinet.web.shell import Footer, MenuItem, Person


def office(request: HttpRequest) -> dict[str, Any]:
    """Build what stands around the office's pages; stands after the customers' shell and puts it aside."""
    if not getattr(request, "is_office", False):
        return {}
    specialist: Specialist | None = getattr(request, "specialist", None)
    facts: dict[str, Any] = {
        "is_office": True,
        "shell_key": None,
        "footer": Footer(),
        "bars": [],
        "menu": [],
        "person": None,
    }
    if specialist is None:
        return facts
    if not specialist.user.must_change_password:
        facts["menu"] = list(_menu(specialist, request.path))
    return facts | {"person": _person(specialist), "person_name": specialist.user.display_name}


def _menu(specialist: Specialist, path: str) -> Iterator[MenuItem]:
    """Yield the duties that the roles give, the daily ones first."""
    desk = reverse("staff:desk")
    yield MenuItem(desk, _("Рабочий стол"), active=path == desk, icon="home")
    for action, route, label, icon in (
        (StaffAction.ANSWER_TICKETS, "staff:tickets", _("Обратная связь"), "chat"),
        (StaffAction.OPEN_CARDS, "staff:search", _("Люди и договоры"), "search"),
        (StaffAction.LOOK_AT_READINGS, "staff:doubts", _("Сомнительные показания"), "meter"),
        (StaffAction.EXTEND_WINDOWS, "staff:windows", _("Сроки передачи"), "clock"),
        (StaffAction.PUBLISH_HELP, "staff:answers", _("Вопросы и ответы"), "help"),
        (StaffAction.PUBLISH_HELP, "staff:references", _("Справочная информация"), "document"),
        (StaffAction.SET_TARIFFS, "staff:tariffs", _("Тарифы"), "bolt"),
        (StaffAction.SET_CALENDAR, "staff:calendar", _("Рабочие дни"), "calendar"),
        (StaffAction.MEND_EXCEPTIONS, "staff:failures", _("Исключения"), "warning"),
        (StaffAction.SET_POLICY, "staff:policy", _("Правила кабинета"), "scales"),
        (StaffAction.SEE_SPECIALISTS, "staff:specialists", _("Специалисты"), "user"),
        (StaffAction.SEE_AUDIT, "staff:audit", _("Журнал действий"), "archive"),
    ):
        if rules.may(specialist.held, action):
            url = reverse(route)
            yield MenuItem(url, label, active=path.startswith(url), icon=icon)


def _person(specialist: Specialist) -> Person:
    links = (
        MenuItem(reverse("staff:password"), _("Смена пароля"), icon="lock"),
        MenuItem(reverse("staff:spare_codes"), _("Запасные коды"), icon="document"),
    )
    roles = ", ".join(role_word(role) for role in sorted(specialist.held))
    return Person(roles, links=links, sign_out_url=reverse("staff:sign_out"))
