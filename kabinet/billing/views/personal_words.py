"""Rows of «Личные данные» in finished strings (CON-06)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from kabinet.accounts.models import User
from kabinet.billing.models import Payment
from kabinet.billing.values.personal import DialReading
from kabinet.billing.values.slips import Payer, ResourceMonth
from kabinet.billing.views import words
from kabinet.billing.views.slip_sheet import SheetLine, lines_of
from kabinet.contracts.models import Contract, Meter
from kabinet.contracts.values import Zone
from kabinet.kernel.formats import format_number
from kabinet.kernel.periods import Month
from kabinet.kernel.phones import shown_phone
from kabinet.providers.values import Resource
from kabinet.readings.views.words import source
from kabinet.tariffs.selectors import tariff_set_of_contract
from kabinet.tariffs.values import ChargeKind, Unit
from kabinet.tariffs.values.tables import TariffSet

Facts = list[tuple[str, str]]
# Hot water is charged by two prices: of the water and of the heat in it.
_UNITS: dict[Resource, tuple[Unit, ...]] = {Resource.HOT_WATER: (Unit.M3, Unit.GCAL)}


def about(contract: Contract, *, payer: Payer, user: User) -> Facts:
    """Return whose the account is; address and phone are the person's own, who reads the page."""
    area = f"{format_number(contract.area, words.language())} {_('м²')}" if contract.area else ""
    return [
        (_("Лицевой счёт"), payer.account),
        (_("ФИО"), payer.name),
        (_("Адрес"), payer.address),
        (_("Адрес электронной почты"), user.email or ""),
        (_("Контактный телефон"), shown_phone(user.phone or contract.phone)),
        (_("Общая площадь"), area),
        (_("Зарегистрировано граждан"), "" if contract.residents is None else str(contract.residents)),
    ]


@dataclass(frozen=True, slots=True)
class MeterRow:
    number: str
    place: str
    dials: str
    verified: str
    is_late: bool
    ended: str


def meter(one: Meter, *, today: date) -> MeterRow:
    dials = [_dial(register.tariff_number, Zone(register.zone)) for register in one.registers.all()]
    due = one.verification_due
    return MeterRow(
        number=one.number,
        place=", ".join(filter(None, (one.make, one.place))),
        dials=", ".join(sorted(filter(None, dials))),
        verified=words.day(due) if due else "",
        is_late=due is not None and due < today,
        ended=words.day(one.valid_to) if one.valid_to else "",
    )


def _dial(tariff_number: int | None, zone: Zone) -> str:
    return " ".join(filter(None, (f"Т{tariff_number}" if tariff_number else "", words.zone(zone))))


@dataclass(frozen=True, slots=True)
class PriceRow:
    name: str
    price: str


def prices(contract: Contract, resource: Resource, *, month: Month, meters: Sequence[Meter]) -> list[PriceRow]:
    """Return the prices by which the month is charged, of the zones that the account's meters have."""
    found = []
    for unit in _UNITS.get(resource, (None,)):
        known = tariff_set_of_contract(contract, resource, month=month, unit=unit)
        found += _prices(known, meters) if known else []
    return found


def _prices(known: TariffSet, meters: Sequence[Meter]) -> list[PriceRow]:
    zones = {len([one for one in meter.registers.all() if one.valid_to is None]) for meter in meters}
    wanted = [prices for number, prices in sorted(known.by_zones.items()) if number in zones or not zones]
    unit = words.unit(known.unit)
    return [
        PriceRow(_price_name(known, zone, place, of=len(each)), f"{words.price(price)} ₽/{unit}")
        for prices in wanted or list(known.by_zones.values())[:1]
        for zone, each in prices.prices.items()
        for place, price in enumerate(each, start=1)
    ]


def _price_name(known: TariffSet, zone: Zone, place: int, *, of: int) -> str:
    name = words.zone(zone) or words.resource(known.resource)
    if known.resource is Resource.HOT_WATER:
        name = _("тепловая энергия") if known.unit is Unit.GCAL else _("вода")
    if of > 1:
        name += ", " + _("диапазон %(number)d") % {"number": place}
    return name[:1].upper() + name[1:]


@dataclass(frozen=True, slots=True)
class ReadingRow:
    taken_on: str
    meter: str
    dial: str
    value: str
    state: str
    source: str
    reason: str
    is_estimated: bool


def reading(one: DialReading, *, resource: Resource) -> ReadingRow:
    value = words.dial(one.value, digits=one.digits)
    return ReadingRow(
        taken_on=words.day(one.taken_on),
        meter=f"№\N{NO-BREAK SPACE}{one.meter}" + (f" ({one.place})" if one.place else ""),
        dial=_dial(one.tariff_number, one.zone),
        value=f"{value} {words.unit_of_dial(resource)}",
        state=one.state,
        source=source(one.source),
        reason=one.reason,
        is_estimated=one.source == "estimate",
    )


@dataclass(frozen=True, slots=True)
class MonthRow:
    """A month of the account: its name and code, its sums in their order, and what it was estimated by."""

    code: str
    name: str
    sums: tuple[tuple[str, str], ...]
    estimated: str


def month_row(month: Month, each: ResourceMonth) -> MonthRow:
    sums = tuple((name, words.plain_money(getattr(each.sums, code))) for code, name in words.sum_names())
    return MonthRow(str(month), words.month(month), sums, words.basis(words.is_estimated(each.lines)))


@dataclass(frozen=True, slots=True)
class CommonRow:
    code: str
    name: str
    lines: tuple[SheetLine, ...]


def common_needs(month: Month, each: ResourceMonth) -> CommonRow | None:
    """Return what the common needs of a month cost; None where nothing was charged for them."""
    lines = tuple(line for line in each.lines if line.kind is ChargeKind.COMMON_NEEDS)
    return CommonRow(str(month), words.month(month), lines_of(lines)) if lines else None


@dataclass(frozen=True, slots=True)
class PaymentRow:
    paid_on: str
    month: str
    way: str
    amount: str


def payment(one: Payment) -> PaymentRow:
    document = _("№ %(number)s") % {"number": one.document} if one.document else ""
    return PaymentRow(
        paid_on=words.day(one.paid_on),
        month=words.month(Month.of(one.month)),
        way=", ".join(filter(None, (one.way, document))),
        amount=words.money(one.amount),
    )
