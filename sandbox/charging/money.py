"""Money of an account: bills become debts, payments meet the oldest first, what is late costs a penalty."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Final

from kabinet.kernel.periods import Month
from kabinet.providers.values import Resource
from kabinet.tariffs.rules import penalties
from kabinet.tariffs.values import DatedRate
from sandbox.charging.values import ZERO, Debt, LateDebt, Paid, Purse, Sums

# Citizens pay by the 10th, since March 2026 by the 15th (177-ФЗ of 24.06.2025).
LATER_SINCE: Final = date(2026, 3, 1)


def due_on(month: Month) -> date:
    """Return the day up to which the bill of a month is to be paid."""
    following = month.next
    return following.day(15 if following.first >= LATER_SINCE else 10)


def settled(
    purse: Purse, month: Month, *, charged: Decimal, recalculated: Decimal, penalty: Decimal, paid: Decimal
) -> tuple[Purse, Sums]:
    """Bring a month into the purse: bills, corrections, penalties and payments."""
    closing = purse.balance + charged + recalculated + penalty - paid
    sums = Sums(purse.resource, purse.balance, charged, recalculated, penalty, paid, closing)
    bill = charged + recalculated
    debts = (*purse.debts, Debt(due_on(month), bill)) if bill > 0 else purse.debts
    return Purse(purse.resource, closing, _left(debts, owed=max(closing, ZERO))), sums


def fine_of(
    purse: Purse, month: Month, *, payments: Sequence[Paid], rates: Sequence[DatedRate]
) -> tuple[Decimal, tuple[LateDebt, ...]]:
    """Return what being late costs in the month, and the debts that it was counted of.

    Each debt counts up to its payment, or to the month's last day; what it had cost up to the day before is taken off.
    """
    last = month.last
    if not any((last - debt.due_on).days > penalties.FREE_DAYS for debt in purse.debts):
        return ZERO, ()
    before = month.first - timedelta(days=1)
    total = ZERO
    late: list[LateDebt] = []
    for debt, until in _pieces(purse.debts, payments, last=last):
        if (until - debt.due_on).days > penalties.FREE_DAYS:
            total += _late(debt, until, tuple(rates)) - _late(debt, before, tuple(rates))
            late.append(LateDebt(debt.amount, debt.due_on, before, until))
    return total, tuple(late)


@lru_cache(10_000)
def _late(debt: Debt, until: date, rates: tuple[DatedRate, ...]) -> Decimal:
    """Return what a debt costs up to a day; what stood at a month's end is asked for again in the next."""
    return penalties.penalty_by_dates(debt.amount, due_on=debt.due_on, paid_on=until, rates=rates)


def _pieces(debts: Sequence[Debt], payments: Sequence[Paid], *, last: date) -> Iterable[tuple[Debt, date]]:
    """Part debts by the payments that met them, the oldest first; what nobody paid stands to the month's end."""
    waiting = list(debts)
    for payment in sorted(payments, key=lambda each: each.paid_on):
        money = payment.amount
        while money > 0 and waiting:
            part = min(money, waiting[0].amount)
            yield replace(waiting[0], amount=part), payment.paid_on
            money -= part
            rest = waiting[0].amount - part
            waiting[:1] = [replace(waiting[0], amount=rest)] if rest else []
    yield from ((debt, last) for debt in waiting)


def _left(debts: Sequence[Debt], *, owed: Decimal) -> tuple[Debt, ...]:
    """Keep as much of the newest debts as is owed: money meets the oldest first."""
    kept: list[Debt] = []
    for debt in reversed(debts):
        part = min(debt.amount, owed)
        if part <= 0:
            break
        kept.append(replace(debt, amount=part) if part != debt.amount else debt)
        owed -= part
    return tuple(reversed(kept))


def purse_of(purses: Sequence[Purse], resource: Resource) -> Purse:
    return next((purse for purse in purses if purse.resource is resource), Purse(resource))
