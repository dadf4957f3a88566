"""An act of reconciliation: what was charged and paid in a period, from the supplier's side."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kabinet.kernel.spelled import spell_money


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the books: a sale is a debit of the supplier's, a payment his credit."""

    on: date
    document: str
    debit: Decimal = Decimal(0)
    credit: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Balance:
    """A balance as it is printed: in the debit column what the customer owes, in the credit column his advance."""

    amount: Decimal

    @property
    def debit(self) -> Decimal:
        return max(self.amount, Decimal(0))

    @property
    def credit(self) -> Decimal:
        return max(-self.amount, Decimal(0))


@dataclass(frozen=True, slots=True)
class Statement:
    """The supplier's block of the act; closing = opening + debits − credits."""

    opening: Balance
    entries: Sequence[Entry]

    @property
    def debit(self) -> Decimal:
        return sum((entry.debit for entry in self.entries), Decimal(0))

    @property
    def credit(self) -> Decimal:
        return sum((entry.credit for entry in self.entries), Decimal(0))

    @property
    def closing(self) -> Balance:
        return Balance(self.opening.amount + self.debit - self.credit)


def sentence(closing: Balance, *, on: date, supplier: str, customer: str) -> str:
    """Say who owes whom, in figures and in words."""
    day = f"{on:%d.%m.%Y}"
    if not closing.amount:
        return f"На {day} задолженности сторон нет: 0,00 руб. ({spell_money(Decimal(0))})."
    creditor = supplier if closing.amount > 0 else customer
    owed = abs(closing.amount)
    return f"На {day} задолженность в пользу {creditor} составляет {printed(owed)} руб. ({spell_money(owed)})."


def printed(amount: Decimal) -> str:
    """Write «112 345,67»."""
    return f"{amount:,.2f}".replace(",", "\N{NO-BREAK SPACE}").replace(".", ",")
