"""A slip in finished strings: the page shows them, the printed slip has the same ones in Russian."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from kabinet.billing.rules.slips import payment_fields
from kabinet.billing.values import Basis
from kabinet.billing.values.slips import BillLine, MeterRun, MonthSums, Payee, ResourceMonth, Slip
from kabinet.billing.views import words
from kabinet.kernel.formats import format_number
from kabinet.readings.views.words import source

Facts = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class SheetLine:
    name: str
    basis: str
    is_estimated: bool
    quantity: str
    price: str
    amount: str


@dataclass(frozen=True, slots=True)
class SheetPart:
    """A resource: its lines and what they make together, and its sums in the order of `Sheet.columns`."""

    name: str
    lines: tuple[SheetLine, ...]
    together: str
    sums: tuple[str, ...]

    @property
    def named(self) -> Facts:
        return _named(self.sums)


@dataclass(frozen=True, slots=True)
class SheetRun:
    meter: str
    zone: str
    previous: str
    current: str
    consumption: str
    source: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that a slip says."""

    title: str
    payee: Facts
    payer: Facts
    parts: tuple[SheetPart, ...]
    columns: tuple[str, ...]
    total: tuple[str, ...]
    runs: tuple[SheetRun, ...]
    to_pay: str
    overpaid: str
    due: str

    @property
    def named_total(self) -> Facts:
        return _named(self.total)


def sheet_of(slip: Slip) -> Sheet:
    """Write a slip down in the language of the moment."""
    return Sheet(
        title=_("Квитанция за %(month)s") % {"month": words.month(slip.month)},
        payee=payee_facts(slip.payee),
        payer=payer_facts(slip),
        parts=tuple(_part(each) for each in slip.resources),
        columns=tuple(name for _code, name in words.sum_names()),
        total=_sums(slip.total),
        runs=tuple(_run(each) for each in slip.runs),
        to_pay=words.money(slip.to_pay),
        overpaid=words.money(slip.overpaid) if slip.overpaid else "",
        due=words.day(slip.due_on),
    )


def purpose_of(slip: Slip) -> str:
    """Say what the money is for, as the bank's form will; always in Russian, as the bank's form is."""
    return f"Оплата за {words.month(slip.month)}, лицевой счёт {slip.payer.account}"


def code_of(slip: Slip) -> dict[str, str]:
    return dict(payment_fields(slip, purpose=purpose_of(slip)))


def payee_facts(payee: Payee) -> Facts:
    inn = _("ИНН %(inn)s") % {"inn": payee.inn}
    kpp = _("КПП %(kpp)s") % {"kpp": payee.kpp} if payee.kpp else ""
    return [
        (_("Получатель"), payee.name),
        ("", ", ".join(filter(None, (inn, kpp)))),
        (_("Расчётный счёт"), payee.account),
        (_("Банк"), payee.bank),
        (_("БИК"), payee.bic),
        (_("Корреспондентский счёт"), payee.correspondent),
    ]


def payer_facts(slip: Slip) -> Facts:
    return [
        (_("Лицевой счёт"), slip.payer.account),
        (_("Плательщик"), slip.payer.name),
        (_("Адрес"), slip.payer.address),
        (_("Период"), words.month(slip.month)),
        (_("Оплатить до"), words.day(slip.due_on)),
    ]


def lines_of(lines: tuple[BillLine, ...]) -> tuple[SheetLine, ...]:
    """Write the lines of a resource; ranges are named where there are several."""
    has_ranges = any((one.range_number or 0) > 1 for one in lines)
    return tuple(_line(one, has_ranges=has_ranges) for one in lines)


def _named(sums: tuple[str, ...]) -> Facts:
    """Put each sum under its name, for cards on a phone."""
    return [(name, sum_) for (_code, name), sum_ in zip(words.sum_names(), sums, strict=True)]


def _part(of: ResourceMonth) -> SheetPart:
    together = words.plain_money(of.together)
    return SheetPart(words.resource(of.resource), lines_of(of.lines), together, _sums(of.sums))


def _line(one: BillLine, *, has_ranges: bool) -> SheetLine:
    return SheetLine(
        name=words.line(one, has_ranges=has_ranges),
        basis=words.basis(one.basis),
        is_estimated=one.basis in {Basis.AVERAGE, Basis.NORM},
        quantity=words.quantity(one),
        price=words.price(one.price),
        amount=words.plain_money(one.amount),
    )


def _sums(of: MonthSums) -> tuple[str, ...]:
    return tuple(words.plain_money(getattr(of, code)) for code, _name in words.sum_names())


def _run(run: MeterRun) -> SheetRun:
    unit = words.unit_of_dial(run.resource)
    spent = "" if run.consumption is None else f"{format_number(run.consumption, words.language())} {unit}"
    place = f" ({run.place})" if run.place else ""
    tariff = f"Т{run.tariff_number}" if run.tariff_number else ""
    return SheetRun(
        meter=f"{words.resource(run.resource)}, №\N{NO-BREAK SPACE}{run.meter}{place}",
        zone=" ".join(filter(None, (tariff, words.zone(run.zone)))),
        previous="" if run.previous is None else words.dial(run.previous, digits=run.digits),
        current=words.dial(run.current, digits=run.digits),
        consumption=spent,
        source=f"{source(run.source)}, {words.day(run.taken_on)}",
    )
