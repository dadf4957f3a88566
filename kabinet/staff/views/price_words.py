"""Prices and their loading in words: what a price is of, what would become of a row, how to mend it."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kabinet.contracts.values import ContractKind, HouseType, Settlement, Zone
from kabinet.kernel.formats import format_day, format_number
from kabinet.kernel.periods import Period
from kabinet.providers.values import Resource
from kabinet.readings.letters import file_words
from kabinet.readings.values.files import FileProblem
from kabinet.tariffs.values import Unit
from kabinet.tariffs.values.files import CellProblem, PriceColumn, WrongCell
from kabinet.tariffs.values.loading import HeldPrice, Key, PriceDecision, PriceFate, PriceProblem, PriceRow, RateKey
from kabinet.tariffs.values.tables import NormKey, NormKind, TariffKey

_NO_BREAK: Final = "\N{NO-BREAK SPACE}"


def key(of: Key) -> str:
    """Say what a price is of: «Электроэнергия, газовые плиты, город; 2-тарифный, ночь; диапазон 1»."""
    match of:
        case RateKey():
            return _("Пени граждан") if of.customers == ContractKind.HOUSEHOLD else _("Пени организаций")
        case NormKey():
            return ", ".join([_resource(of.resource), _norm(of.kind), *_place(of), *_dwelling(of)])
        case TariffKey():
            return ", ".join([_resource(of.resource), *_place(of), *_meter(of)])


def value(of: HeldPrice | PriceRow) -> str:
    """Say a price with its unit, and the end of its range."""
    number = format_number(of.value, _language())
    unit = _unit(of.key)
    said = f"{number}{_NO_BREAK}{unit}"
    if of.range_end is not None:
        end = format_number(of.range_end, _language())
        return said + _(" до %(end)s %(unit)s") % {"end": end, "unit": _counted(of.key)}
    return said


def period(days: Period) -> str:
    """Say days with the last one included."""
    start = format_day(days.start, _language())
    if days.end is None:
        return _("с %(day)s") % {"day": start}
    return _("с %(day)s по %(last)s") % {"day": start, "last": _last(days.end)}


def fate(code: PriceFate) -> str:
    words = {
        PriceFate.ADDED: _("добавится"),
        PriceFate.CHANGED: _("изменит"),
        PriceFate.UNCHANGED: _("уже так"),
        PriceFate.REFUSED: _("не принято"),
    }
    return words[code]


def consequences(one: PriceDecision) -> list[str]:
    """Say what a row would do to the stored ones, or why it is not taken and how to mend it."""
    if one.problem:
        return [_problem(one)]
    said = []
    if one.before and one.fate is PriceFate.CHANGED:
        said.append(_("Было: %(value)s, %(days)s.") % {"value": value(one.before), "days": period(one.before.period)})
    last = _last(one.row.period.start)
    said += [
        _("Прежнее значение %(value)s закончится %(day)s.") % {"value": value(ended), "day": last} for ended in one.ends
    ]
    said += [
        _("Ещё не начавшееся значение %(value)s %(days)s будет снято.")
        % {"value": value(gone), "days": period(gone.period)}
        for gone in one.drops
    ]
    return said


def cell(wrong: WrongCell) -> str:
    """Say how to mend a cell."""
    choices = ", ".join(f"«{choice}»" for choice in wrong.choices)
    words = {
        CellProblem.REQUIRED: _("Заполните ячейку.") + (f" {_('Можно')}: {choices}." if choices else ""),
        CellProblem.UNKNOWN_WORD: _("Такого слова здесь не бывает. Можно: %(choices)s.") % {"choices": choices},
        CellProblem.NOT_A_NUMBER: _("Введите число цифрами, например 5,41."),
        CellProblem.TOO_MANY_DECIMALS: _("Слишком много знаков после запятой. Оставьте не больше: %(places)s.")
        % {"places": "".join(wrong.choices)},
        CellProblem.OUT_OF_RANGE: _("Такого числа здесь не бывает. Проверьте его."),
        CellProblem.NOT_A_DAY: _("Введите день так: 01.07.2026."),
        CellProblem.ENDS_BEFORE_START: _("Последний день раньше первого. Поправьте один из них."),
        CellProblem.OTHER_ZONE: _("У такого счётчика этой зоны нет. Можно: %(choices)s.") % {"choices": choices},
    }
    return words[wrong.problem]


def file_problem(problem: FileProblem, facts: Mapping[str, Any]) -> str:
    """Say why a file is no table of prices."""
    if problem is FileProblem.NO_HEADER:
        needed = ", ".join(f"«{column}»" for column in PriceColumn)
        return _("Не найдены заголовки таблицы. Возьмите шаблон: в нём столбцы %(columns)s.") % {"columns": needed}
    if problem is FileProblem.COLUMN_MISSING:
        return _("В таблице нет столбца «%(column)s». Добавьте его или возьмите шаблон.") % {"column": facts["column"]}
    return file_words.file_problem(problem, facts)


def _problem(one: PriceDecision) -> str:
    days = period(one.against) if one.against else ""
    words = {
        PriceProblem.TWICE: _("На эти же дни это значение задаёт строка %(row)d. Оставьте одну из них.")
        % {"row": one.other_row},
        PriceProblem.INSIDE_ANOTHER: _(
            "Уже задано другое значение %(days)s, оно шире. Укажите «Действует по» не раньше его конца или сначала"
            " загрузите его с новым концом."
        )
        % {"days": days},
        PriceProblem.COVERS_ANOTHER: _(
            "На часть этих дней уже задано другое значение: %(days)s. Укажите «Действует по» до его начала или"
            " начните с того же дня, чтобы исправить его."
        )
        % {"days": days},
        PriceProblem.INCOMPLETE: _(
            "На %(day)s у такого счётчика есть не все цены: нужна цена каждой зоны в каждом диапазоне, верхние границы"
            " растут, у последнего диапазона границы нет."
        )
        % {"day": format_day(one.on, _language()) if one.on else ""},
    }
    assert one.problem  # noqa: S101 - tells the checker what the caller looked at
    return words[one.problem]


def _last(end: date) -> str:
    return format_day(end - timedelta(days=1), _language())


def _resource(code: Resource) -> str:
    words = {
        Resource.ELECTRICITY: _("Электроэнергия"),
        Resource.COLD_WATER: _("Холодная вода"),
        Resource.HOT_WATER: _("Горячая вода"),
        Resource.SEWAGE: _("Водоотведение"),
        Resource.HEAT: _("Отопление"),
    }
    return words[code]


def _norm(code: NormKind) -> str:
    words = {
        NormKind.PERSON: _("норматив на человека"),
        NormKind.COMMON_NEEDS: _("норматив ОДН"),
        NormKind.HEATING: _("норматив отопления"),
        NormKind.WATER_HEATING: _("норматив подогрева"),
    }
    return words[code]


def _place(of: TariffKey | NormKey) -> list[str]:
    houses: dict[str, str] = {
        HouseType.GAS_STOVE: _("газовые плиты"),
        HouseType.ELECTRIC_STOVE: _("электроплиты"),
        HouseType.ELECTRIC_HEATING: _("электроотопление"),
    }
    settlements: dict[str, str] = {Settlement.CITY: _("город"), Settlement.VILLAGE: _("село")}
    found = (houses.get(of.house_type, ""), settlements.get(of.settlement, ""))
    return [word for word in found if word]


def _dwelling(of: NormKey) -> list[str]:
    rooms = [_("комнат: %(count)d") % {"count": of.rooms}] if of.rooms else []
    return rooms + ([_("человек: %(count)d") % {"count": of.people}] if of.people else [])


def _meter(of: TariffKey) -> list[str]:
    if of.resource != Resource.ELECTRICITY:
        return []
    zones = {
        Zone.SINGLE: _("сутки"),
        Zone.DAY: _("день"),
        Zone.NIGHT: _("ночь"),
        Zone.PEAK: _("пик"),
        Zone.HALF_PEAK: _("полупик"),
    }
    meter = _("%(zones)d-тарифный") % {"zones": of.zones}
    return [meter, zones[of.zone], _("диапазон %(number)d") % {"number": of.range_number}]


def _unit(of: Key) -> str:
    match of:
        case RateKey():
            return _("% годовых")
        case NormKey():
            return _norm_unit(of)
        case TariffKey():
            return f"₽/{_counted(of)}"


def _norm_unit(of: NormKey) -> str:
    match of.kind:
        case NormKind.HEATING:
            return _("Гкал/м²")
        case NormKind.WATER_HEATING:
            return _("Гкал/м³")
        case NormKind.COMMON_NEEDS:
            return f"{_counted(of)}/м²"
        case _:
            return _counted(of)


def _counted(of: Key) -> str:
    units = {Unit.KWH: _("кВт·ч"), Unit.M3: _("м³"), Unit.GCAL: _("Гкал")}
    if isinstance(of, TariffKey):
        return units[of.unit]
    is_light = isinstance(of, NormKey) and of.resource == Resource.ELECTRICITY
    return units[Unit.KWH if is_light else Unit.M3]


def _language() -> str:
    return get_language() or "ru"
