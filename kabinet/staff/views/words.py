"""What the codes of the office say to specialists."""

from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _

from kabinet.kernel.actors import ActorKind
from kabinet.providers.formats import PolicyFault
from kabinet.providers.services.policies import PolicyProblem
from kabinet.staff.forms.cards import REASON_WORDS
from kabinet.staff.values import Reason


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
        "tickettopic": _("тема"),
        "message": _("загрузка"),
        "agreement": _("соглашение"),
        "helpentry": _("вопрос"),
        "membership": _("подключение"),
        "windowextension": _("продление"),
        "doubtfulreading": _("сомнительное показание"),
        "meterclaim": _("сведения о счётчике"),
        "calendarday": _("день"),
        "policyversion": _("правила"),
        "enrollment": _("участие"),
        "linkrequest": _("добавление договора"),
        "parkedevent": _("событие"),
        "partner": _("биллинг"),
        "pricelist": _("тарифы"),
    }
    own = next((name for pk, name in names.items() if str(pk) == target_id), "")
    return f"{words.get(kind, kind)} {own or '…' + target_id[-6:]}"


_FEW: Final = 3


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
    """Write a value in a few words: what is longer or nested is only counted, ids are left out."""
    match value:
        case bool():
            return _("да") if value else _("нет")
        case dict() if any(isinstance(inner, dict) for inner in value.values()):
            return _("подробностей: %(count)d") % {"count": len(value)}
        case dict():
            return ", ".join(f"{_word(name)}: {_short(inner)}" for name, inner in value.items() if _short(inner))
        case list() if len(value) > _FEW or any(_is_id(item) for item in value):
            return _("записей: %(count)d") % {"count": len(value)}
        case list():
            return ", ".join(map(str, value))
        case _:
            return "" if value is None or _is_id(value) else _word(str(value))


def _word(code: str) -> str:
    """Say in a word what the audit keeps as a code; what has no word yet stays as it is."""
    words = {
        "new": _("новое"),
        "in_work": _("в работе"),
        "answered": _("отвечено"),
        "looked_at": _("просмотрено"),
        "asked": _("спрошено"),
        "tariff_numbers": _("номера тарифов"),
        "meter_type": _("тип счётчика"),
        "closed": _("закрыто"),
        "month": _("период"),
        "closes_on": _("приём по"),
        "is_working": _("рабочий день"),
    }
    return words.get(code, code)


def _is_id(value: Any) -> bool:
    try:
        UUID(str(value))
    except ValueError:
        return False
    return True


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
