"""How households pay: invented habits, the same ones whenever they are asked."""

from datetime import date
from decimal import ROUND_UP, Decimal
from typing import Final
from zlib import crc32

from kabinet.kernel.periods import Month
from sandbox.charging.values import ZERO, Account, Habit, Paid, Purse

_PART: Final = Decimal("0.40")
_WAYS: Final = ("Банк", "Онлайн", "Почта", "Касса")


def paid_in(account: Account, month: Month) -> tuple[Paid, ...]:
    """Return what the household pays in a month for what it owed at its beginning."""
    draw = crc32(f"{account.contract}/{month}".encode())
    if not _pays(account.habit, month, draw):
        return ()
    on = month.day(20 + draw % 8 if account.habit is Habit.LATE else 4 + draw % 10)
    paid = ((purse, _amount(account.habit, purse)) for purse in account.purses)
    return tuple(Paid(purse.resource, on, amount) for purse, amount in paid if amount > 0)


def way_of(contract: str, month: Month) -> str:
    """Say through whom the household paid."""
    return _WAYS[crc32(f"{contract}/{month}/way".encode()) % len(_WAYS)]


def document_of(contract: str, paid_on: date) -> str:
    """Return the number of the payment's document."""
    return f"ПП-{paid_on:%y%m%d}-{crc32(f'{contract}/{paid_on}'.encode()) % 1_000_000:06d}"


def _pays(habit: Habit, month: Month, draw: int) -> bool:
    if habit is Habit.EVERY_OTHER_MONTH:
        return month.month % 2 == 0
    if habit is Habit.IN_PARTS:
        return month.month % 3 == draw % 3
    return True


def _amount(habit: Habit, purse: Purse) -> Decimal:
    owed = max(purse.balance, ZERO)
    if habit is Habit.IN_PARTS:
        return (owed * _PART).quantize(Decimal(1), rounding=ROUND_UP)
    if habit is Habit.AHEAD and purse.balance > -200:  # noqa: PLR2004 - rubles: an advance is filled up when it runs out
        return (owed + 500).quantize(Decimal(100), rounding=ROUND_UP)
    return owed
