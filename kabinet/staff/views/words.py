"""What the codes of the office say to specialists."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from kabinet.kernel.actors import ActorKind
from kabinet.providers.services.policies import PolicyProblem
from kabinet.staff.forms.cards import REASON_WORDS
from kabinet.staff.values import PolicyFault, Reason


def act(code: str) -> str:
    """Name what was done; an act without a name is shown by its code."""
    words = {
        "accounts.consents_given": _("Согласия приняты"),
        "accounts.email_confirmed": _("Адрес почты подтверждён"),
        "accounts.email_replaced": _("Адрес почты заменён специалистом"),
        "accounts.password_changed": _("Пароль изменён"),
        "accounts.recovery_started": _("Восстановление входа начато специалистом"),
        "accounts.session_ended": _("Сессия завершена"),
        "accounts.signed_in": _("Вход клиента"),
        "accounts.signed_up": _("Регистрация"),
        "contracts.linked": _("Договор подключён"),
        "contracts.unlinked": _("Договор убран из кабинета"),
        "exchange.feed_acknowledged": _("Биллинг подтвердил получение"),
        "exchange.key_given": _("Выдан ключ обмена"),
        "help.published": _("Ответ опубликован"),
        "help.withdrawn": _("Ответ снят"),
        "infra.event_retried": _("Событие отправлено на повтор"),
        "providers.day_dropped": _("День календаря убран"),
        "providers.day_set": _("День календаря задан"),
        "providers.policy_set": _("Правила кабинета изменены"),
        "readings.extension_withdrawn": _("Продление срока снято"),
        "readings.sent": _("Показания переданы"),
        "readings.volumes_sent": _("Объёмы переданы"),
        "readings.window_extended": _("Срок передачи продлён"),
        "staff.appointed": _("Специалист назначен"),
        "staff.card_opened": _("Открыта карточка"),
        "staff.dismissed": _("Специалист отстранён"),
        "staff.factor_forgotten": _("Второй фактор сброшен"),
        "staff.factor_refused": _("Код второго фактора не подошёл"),
        "staff.factor_set": _("Второй фактор настроен"),
        "staff.password_passed": _("Пароль специалиста принят"),
        "staff.roles_given": _("Роли специалиста изменены"),
        "staff.signed_in": _("Вход специалиста"),
        "staff.signed_out": _("Выход специалиста"),
        "staff.spare_code_used": _("Использован запасной код"),
        "staff.spare_codes_renewed": _("Запасные коды заменены"),
        "tickets.answer": _("Ответ на обращение"),
        "tickets.close": _("Обращение закрыто"),
        "tickets.noted": _("Заметка к обращению"),
        "tickets.opened": _("Обращение получено"),
        "tickets.take": _("Обращение взято в работу"),
        "tickets.topic_published": _("Тема обращений изменена"),
    }
    return words.get(code, code)


def who(kind: str, name: str, actor_id: UUID | None) -> str:
    """Name who acted: specialists by name, everybody else by kind and the end of the id."""
    if name:
        return name
    words = {
        ActorKind.CUSTOMER: _("клиент"),
        ActorKind.STAFF: _("специалист"),
        ActorKind.PARTNER: _("биллинг"),
        ActorKind.JOB: _("система"),
        ActorKind.ANONYMOUS: _("без входа"),
        ActorKind.API_KEY: _("ключ API"),
    }
    word = words.get(ActorKind(kind), kind)
    return f"{word} …{str(actor_id)[-6:]}" if actor_id else word


def target(kind: str, target_id: str, names: dict[UUID, str]) -> str:
    """Name what it was done to."""
    words = {
        "contract": _("договор"),
        "user": _("человек"),
        "specialist": _("специалист"),
        "ticket": _("обращение"),
        "helpentry": _("вопрос"),
        "membership": _("подключение"),
        "windowextension": _("продление"),
        "calendarday": _("день"),
        "policyversion": _("правила"),
        "enrollment": _("участие"),
        "parkedevent": _("событие"),
        "partner": _("биллинг"),
    }
    own = next((name for pk, name in names.items() if str(pk) == target_id), "")
    return f"{words.get(kind, kind)} {own or '…' + target_id[-6:]}"


def reason(code: str) -> str:
    """Write «Обращение 2026-000123» for `ticket:2026-000123`."""
    kind, _colon, reference = code.partition(":")
    if kind not in set(Reason):
        return code
    return f"{REASON_WORDS[Reason(kind)]} {reference}".strip()


def change(before: Any, after: Any) -> str:
    """Write what was before and after, where it is short enough to be read in a row."""
    was, becomes = (_short(value) for value in (before, after))
    return f"{was} → {becomes}" if was and becomes else becomes or was


def _short(value: Any) -> str:
    if value is None or value == {}:
        return ""
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_short(inner) or '—'}" for name, inner in value.items())
    if isinstance(value, list):
        return _("записей: %(count)d") % {"count": len(value)} if len(value) > 3 else ", ".join(map(str, value))  # noqa: PLR2004 - longer is not read in a row
    return str(value)


def unreadable(line: int) -> str:
    return _("Строка %(line)d: это не JSON. Проверьте скобки, кавычки и запятые.") % {"line": line}


def policy_fault(fault: PolicyFault) -> str:
    """Say where a policy is wrong and how to mend it."""
    words = {
        "missing": _("не хватает этой настройки"),
        "extra_forbidden": _("такой настройки нет: проверьте имя"),
        "enum": _("можно только: %(expected)s"),
        "literal_error": _("можно только: %(expected)s"),
        "union_tag_invalid": _("такого вида нет, можно только: %(expected)s"),
        "union_tag_not_found": _("не сказано, какого вида это правило (поле type)"),
        "greater_than": _("должно быть больше %(expected)s"),
        "greater_than_equal": _("должно быть не меньше %(expected)s"),
        "less_than": _("должно быть меньше %(expected)s"),
        "less_than_equal": _("должно быть не больше %(expected)s"),
        "value_error": _("начало диапазона позже его конца"),
    }
    word = words.get(fault.code, _("здесь стоит значение не того вида")) % {"expected": fault.expected}
    return f"{fault.place or _('Всё целиком')}: {word}"


def policy_problem(problem: PolicyProblem) -> str:
    if problem is PolicyProblem.ANOTHER_FOLLOWS:
        return _("Уже есть версия, которая вступит в силу позже. Дождитесь её начала.")
    return _("Этот день уже прошёл.")


def without_deadline(count: int) -> str:
    return _(
        "По правилу deadline_day нужен день срока, а его нет у договоров: %(count)d. Загрузите его из биллинга."
    ) % {"count": count}
