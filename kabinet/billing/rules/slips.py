"""When a month is to be paid, and what the code on its slip says."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from kabinet.billing.values.slips import Slip
from kabinet.kernel.periods import Month

# Citizens pay by this day of the next month, by the month in which they pay: until 01.03.2026 the 10th, then the
# 15th (177-ФЗ of 24.06.2025). Days off do not move it.
_DUE_DAYS: Final = ((Month(2026, 3), 15), (Month(1, 1), 10))
# What a bank's form calls housing and utilities.
_UTILITIES: Final = "02"


def due_on(month: Month) -> date:
    """Return the last day to pay a month without a penalty."""
    paid_in = month.next
    return paid_in.day(next(day for since, day in _DUE_DAYS if paid_in >= since))


def payment_fields(slip: Slip, *, purpose: str) -> Mapping[str, str]:
    """Return the fields of the slip's payment code; the sum is in kopecks."""
    payee, payer = slip.payee, slip.payer
    return {
        "Name": payee.name,
        "PersonalAcc": payee.account,
        "BankName": payee.bank,
        "BIC": payee.bic,
        "CorrespAcc": payee.correspondent or "0",
        "PayeeINN": payee.inn,
        "KPP": payee.kpp,
        "LastName": payer.last,
        "FirstName": payer.first,
        "MiddleName": payer.middle,
        "PersAcc": payer.account,
        "PaymPeriod": f"{slip.month.month:02d}{slip.month.year % 100:02d}",
        "Sum": str(int(slip.to_pay * 100)),
        "Purpose": purpose,
        "TechCode": _UTILITIES,
    }


def has_nothing_to_pay(slip: Slip) -> bool:
    return slip.to_pay == Decimal(0)
