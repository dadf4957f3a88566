"""What codes and figures of bills say to people, in finished strings."""

from collections.abc import Iterable
from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kabinet.billing.values import Basis
from kabinet.billing.values.slips import BillLine, MonthSums
from kabinet.contracts.values import Zone
from kabinet.contracts.views.words import ZONES
from kabinet.kernel.formats import RUSSIAN, format_day, format_money, format_month, format_number
from kabinet.kernel.periods import Month
from kabinet.providers.values import Resource
from kabinet.tariffs.values import ChargeKind, Unit


def language() -> str:
    return get_language() or RUSSIAN


def resource(code: Resource) -> str:
    words = {
        Resource.ELECTRICITY: _("Электроэнергия"),
        Resource.COLD_WATER: _("Холодная вода"),
        Resource.HOT_WATER: _("Горячая вода"),
        Resource.SEWAGE: _("Водоотведение"),
        Resource.HEAT: _("Отопление"),
    }
    return words[code]


def unit(code: Unit | None) -> str:
    words = {Unit.KWH: _("кВт·ч"), Unit.M3: _("м³"), Unit.GCAL: _("Гкал")}
    return words[code] if code else ""


def unit_of_dial(code: Resource) -> str:
    """Name what a meter of the resource counts in."""
    return unit({Resource.ELECTRICITY: Unit.KWH, Resource.HEAT: Unit.GCAL}.get(code, Unit.M3))


def zone(code: Zone | None) -> str:
    """Name the part of the day; one that counts all of it has no name."""
    return "" if code in {None, Zone.SINGLE} else str(ZONES[Zone(str(code))])


def basis(code: Basis | None) -> str:
    words = {Basis.METER: _("по счётчику"), Basis.AVERAGE: _("по среднему"), Basis.NORM: _("по нормативу")}
    return words[code] if code else ""


def is_estimated(lines: Iterable[BillLine]) -> Basis | None:
    """Say from what a month was estimated, where no meter told it."""
    own = {line.basis for line in lines if line.kind is ChargeKind.SUPPLY}
    return next((code for code in (Basis.NORM, Basis.AVERAGE) if code in own), None)


def line(one: BillLine, *, has_ranges: bool) -> str:
    """Name a line of a bill."""
    parts = [_kind(one), zone(one.zone)]
    if has_ranges and one.range_number:
        parts.append(_("диапазон %(number)d") % {"number": one.range_number})
    return ", ".join(filter(None, parts))


def _kind(one: BillLine) -> str:
    if one.resource is Resource.HOT_WATER and one.kind is ChargeKind.SUPPLY and one.unit is Unit.GCAL:
        return _("Тепловая энергия на подогрев")
    words = {
        ChargeKind.SUPPLY: _("Индивидуальное потребление"),
        ChargeKind.COMMON_NEEDS: _("Общедомовые нужды (ОДН)"),
        ChargeKind.SURCHARGE: _("Повышающий коэффициент"),
        ChargeKind.RECALCULATION: _("Перерасчёт"),
        ChargeKind.PENALTY: _("Пени"),
    }
    return words[one.kind]


def sums(of: MonthSums) -> list[tuple[str, str]]:
    """Name the six sums of a month that add up, each with its figure."""
    return [(name, money(getattr(of, code))) for code, name in sum_names()]


def sum_names() -> list[tuple[str, str]]:
    return [
        ("opening", _("На начало месяца")),
        ("charged", _("Начислено")),
        ("recalculated", _("Перерасчёт")),
        ("penalty", _("Пени")),
        ("paid", _("Оплачено")),
        ("closing", _("На конец месяца")),
    ]


def money(amount: Decimal) -> str:
    return format_money(amount, language())


def plain_money(amount: Decimal) -> str:
    """Write a sum where the column's head says the currency."""
    return format_number(amount, language(), places=2)


def price(value: Decimal | None) -> str:
    """Write a price with kopecks at least; tariffs of heat have more digits."""
    if value is None:
        return ""
    exact = value.normalize().as_tuple().exponent
    return format_number(value, language(), places=max(2, -exact if isinstance(exact, int) else 2))


def quantity(one: BillLine) -> str:
    return "" if one.quantity is None else f"{format_number(one.quantity, language())} {unit(one.unit)}".strip()


def month(value: Month) -> str:
    return format_month(value, language())


def day(value: object) -> str:
    return format_day(value, language())  # type: ignore[arg-type]  # a day


def dial(value: Decimal, *, digits: int) -> str:
    """Write a reading as the dial shows it, with its zeros in front."""
    whole, _point, fraction = format(value, "f").partition(".")
    fraction = fraction.rstrip("0")
    return whole.zfill(digits) + (f",{fraction}" if fraction else "")
