"""What a contract, its meters and their registers are in words: for the page and for the file alike (CON-05)."""

from datetime import date
from typing import Final

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from kabinet.contracts.forms import ROLE_WORDS
from kabinet.contracts.models import Contract, Meter, Register
from kabinet.contracts.selectors import Installed
from kabinet.contracts.values import EntryStatus, Role, Zone
from kabinet.kernel.formats import format_day, format_number
from kabinet.providers.values import Resource

Facts = list[tuple[str, str]]

CATEGORIES: Final = ("", "I", "II", "III", "IV", "V", "VI")
RESOURCES: Final = {
    Resource.ELECTRICITY: gettext_lazy("Электроэнергия"),
    Resource.COLD_WATER: gettext_lazy("Холодная вода"),
    Resource.HOT_WATER: gettext_lazy("Горячая вода"),
    Resource.SEWAGE: gettext_lazy("Водоотведение"),
    Resource.HEAT: gettext_lazy("Отопление"),
}
STATUSES: Final = {
    EntryStatus.AWAITING: gettext_lazy("Ожидание"),
    EntryStatus.PERIOD_CLOSED: gettext_lazy("Период закрыт"),
    EntryStatus.AMI: gettext_lazy("Снимается АСКУЭ"),
    EntryStatus.OUT_OF_SERVICE: gettext_lazy("Прибор выведен из эксплуатации"),
    EntryStatus.DISCONNECTED: gettext_lazy("Точка отключена"),
}
ZONES: Final = {
    Zone.SINGLE: gettext_lazy("сутки"),
    Zone.DAY: gettext_lazy("день"),
    Zone.NIGHT: gettext_lazy("ночь"),
    Zone.PEAK: gettext_lazy("пик"),
    Zone.HALF_PEAK: gettext_lazy("полупик"),
}


def about(contract: Contract, *, role: Role | None) -> Facts:
    """Return what the contract is; a role stands there where roles are shown."""
    facts = [
        (_("Номер договора"), contract.number),
        (_("Название контрагента"), contract.customer_name),
        (_("Номер контрагента"), contract.customer_number),
        (_("Дата подписания договора"), day(contract.signed_on)),
        (_("Действует с"), day(contract.valid_from)),
        (_("Действует до"), day(contract.valid_to)),
        (_("Ценовая категория"), CATEGORIES[contract.price_category or 0]),
        (_("Сроки передачи показаний"), str(contract.deadline_day or "")),
        (_("Ваша роль"), str(ROLE_WORDS[role]) if role else ""),
    ]
    return _told(facts)


def requisites(contract: Contract) -> Facts:
    """Return requisites and contacts; the addresses that may link the contract are not among them (CON-02)."""
    return _told(
        [
            (_("ИНН"), contract.inn),
            (_("КПП"), contract.kpp),
            (_("ОГРН"), contract.ogrn),
            (_("Юридический адрес"), contract.legal_address),
            (_("Почтовый адрес"), contract.postal_address),
            (_("Телефон"), contract.phone),
        ]
    )


def bank(contract: Contract) -> Facts:
    return _told(
        [
            (_("Банк"), contract.bank_name),
            (_("БИК"), contract.bic),
            (_("Расчётный счёт"), contract.bank_account),
            (_("Корреспондентский счёт"), contract.correspondent_account),
        ]
    )


def header() -> list[str]:
    """Return the names of what `row` tells."""
    return [
        _("Код точки поставки"),
        _("Наименование точки поставки"),
        _("Адрес точки поставки"),
        _("Статус точки поставки"),
        _("Номер прибора учёта"),
        _("Марка прибора учёта"),
        _("Ресурс"),
        _("Место установки"),
        _("Измерительный комплекс"),
        _("Плановая дата поверки"),
        _("Шкалы"),
        _("Коэффициент трансформации"),
        _("Статус прибора учёта"),
        _("Снят"),
    ]


def row(one: Installed) -> list[str]:
    """Return a supply point with one of its meters: technical characteristics, then those of settlement."""
    point = one.point
    return [point.code, point.name, point.address, _status(point.entry_status), *_meter(one.meter)]


def _meter(meter: Meter | None) -> list[str]:
    if meter is None:
        return [""] * 10
    return [
        meter.number,
        meter.make,
        str(RESOURCES[Resource(meter.resource)]),
        meter.place,
        meter.complex_name,
        day(meter.verification_due),
        "; ".join(_register(register) for register in _lasting(meter)),
        format_number(meter.ratio, _language()),
        _status(meter.entry_status),
        day(meter.valid_to),
    ]


def _lasting(meter: Meter) -> list[Register]:
    found = [register for register in meter.registers.all() if register.valid_to is None or meter.valid_to]
    return sorted(found, key=lambda register: (register.quantity, register.tariff_number or 0, register.zone))


def _register(register: Register) -> str:
    """Write «A+, день, Т1, 6 + 2»: what it counts, in which zone, digits before and after the comma."""
    tariff = f"Т{register.tariff_number}" if register.tariff_number else ""
    digits = f"{register.integer_digits} + {register.fraction_digits}"
    quantity = "" if register.quantity == "V" else register.quantity
    return ", ".join(filter(None, (quantity, str(ZONES[Zone(register.zone)]), tariff, digits)))


def _status(code: str) -> str:
    return str(STATUSES[EntryStatus(code)])


def day(value: date | None) -> str:
    return format_day(value, _language()) if value else ""


def _language() -> str:
    return get_language() or "ru"


def _told(facts: Facts) -> Facts:
    """Leave out what billing does not tell."""
    return [(label, value) for label, value in facts if value]
