"""What is to be paid now (SITE-06): what the newest month of each account left, less what came since."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import OuterRef, Subquery, Sum

from kabinet.billing.models import Balance, Payment
from kabinet.billing.rules.slips import due_on
from kabinet.billing.selectors.months import accounts_of
from kabinet.contracts.models import Contract
from kabinet.contracts.values import Action, Viewer
from kabinet.kernel.periods import Month


@dataclass(frozen=True, slots=True)
class ToPay:
    """What an account owes after a month, and until when the month is paid without a penalty."""

    contract: Contract
    month: Month
    amount: Decimal
    due_on: date


def to_pay_of(viewer: Viewer) -> list[ToPay]:
    """Return the viewer's accounts that owe something, in the order of their numbers."""
    accounts = list(accounts_of(viewer, action=Action.SEE_DEBT))
    left, paid = _left_by_newest_month(accounts), _paid_since(accounts)
    found = []
    for account in accounts:
        month, amount = left.get(account.pk, (None, Decimal(0)))
        owed = amount - paid.get(account.pk, Decimal(0))
        if month and owed > 0:
            found.append(ToPay(account, month, owed, due_on(month)))
    return found


def _left_by_newest_month(accounts: list[Contract]) -> dict[UUID, tuple[Month, Decimal]]:
    newest = Balance.objects.filter(contract__in=accounts, month=_newest_month()).order_by()
    rows = newest.values_list("contract", "month").annotate(left=Sum("closing"))
    return {contract: (Month.of(month), left) for contract, month, left in rows}


def _paid_since(accounts: list[Contract]) -> dict[UUID, Decimal]:
    since = Payment.objects.filter(contract__in=accounts, month__gt=_newest_month()).order_by()
    return dict(since.values_list("contract").annotate(paid=Sum("amount")))


def _newest_month() -> Subquery:
    return Subquery(Balance.objects.filter(contract=OuterRef("contract")).order_by("-month").values("month")[:1])
