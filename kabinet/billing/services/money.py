"""Charges, payments and balances come from billing, which owns them (BILL-01).

A month that is closed and whose balance is here has been shown and printed: nothing of it changes any more, and what
was wrong goes into a later month as a recalculation (I17). The rows of the months are held meanwhile.
"""

from typing import Final

from psycopg import sql

from kabinet.infra.db import step
from kabinet.infra.staging import Applied, Merge, Parent, Stage, fetch

_CONTRACT: Final = Parent("contract", entity="contract", table="contracts_contract", column="contract_id")
_OF_CONTRACT: Final = {"month": "s.month", "resource": "s.resource"}
# Compared before anything is written, so the month that a row leaves counts too.
_CARRIED: Final = {"old_month": "o.month"}

CHARGES: Final = Merge(
    "charge",
    table="billing_charge",
    columns={
        **_OF_CONTRACT,
        "kind": "s.kind",
        "zone": "coalesce(s.zone, '')",
        "range_number": "s.range_number",
        "basis": "coalesce(s.basis, '')",
        "quantity": "s.quantity",
        "unit": "coalesce(s.unit, '')",
        "price": "s.price",
        "amount": "s.amount",
        "calculator": "s.calculator",
        "calculator_version": "s.calculator_version",
        "kept": "s.kept::jsonb",
    },
    parent=_CONTRACT,
    lane="contract_id",
    carried=_CARRIED,
)
PAYMENTS: Final = Merge(
    "payment",
    table="billing_payment",
    columns={
        **_OF_CONTRACT,
        "paid_on": "s.paid_on",
        "amount": "s.amount",
        "document": "s.document",
        "way": "s.way",
    },
    parent=_CONTRACT,
    lane="contract_id",
    carried=_CARRIED,
)
BALANCES: Final = Merge(
    "balance",
    table="billing_balance",
    columns={
        **_OF_CONTRACT,
        "opening": "s.opening",
        "charged": "s.charged",
        "recalculated": "s.recalculated",
        "penalty": "s.penalty",
        "paid": "s.paid",
        "closing": "s.closing",
    },
    parent=_CONTRACT,
    lane="contract_id",
    carried=_CARRIED,
)


@step
def apply(stage: Stage) -> list[Applied]:
    """Bring in charges, payments and balances, what a balance adds up before the balance itself."""
    return [_apply(merge, stage) for merge in (CHARGES, PAYMENTS, BALANCES) if stage.holds(merge.entity)]


def _apply(merge: Merge, stage: Stage) -> Applied:
    merge.resolve(stage)
    _hold_months(merge, stage)
    if merge is BALANCES:
        _judge_places()
    _judge_months(merge, stage)
    return merge.write(stage)


def _hold_months(merge: Merge, stage: Stage) -> None:
    """Keep whoever would close these months waiting until what is written into them is there."""
    fetch(
        """
        SELECT FROM providers_billingperiod
        WHERE provider_id = %(provider)s AND month IN (SELECT month FROM {merged} UNION SELECT old_month FROM {merged})
        ORDER BY month FOR SHARE
        """,
        stage.parameters,
        merged=merge.merged,
    )


def _judge_months(merge: Merge, stage: Stage) -> None:
    """Refuse what would change a month that is closed and settled; a balance settles it by coming."""
    merge.refuse(
        "month",
        "month_settled",
        """
        m.version IS DISTINCT FROM m.old_version AND EXISTS (
            SELECT FROM billing_balance b
            JOIN providers_billingperiod p ON p.provider_id = {provider} AND p.month = b.month AND p.state = 'closed'
            WHERE b.contract_id = m.contract_id AND b.resource = m.resource AND b.month IN (m.month, m.old_month))
        """,
        provider=sql.Literal(stage.provider_id),
    )


def _judge_places() -> None:
    """Let a month of a resource have one balance, under one name."""
    same = "o.contract_id = m.contract_id AND o.month = m.month AND o.resource = m.resource"
    BALANCES.refuse(
        "month",
        "duplicate_row",
        "EXISTS (SELECT FROM {merged} o WHERE " + same + " AND o.line < m.line)",
    )
    BALANCES.refuse(
        "month",
        "duplicate_row",
        "EXISTS (SELECT FROM billing_balance o WHERE " + same + " AND o.id <> coalesce(m.old_id, m.id))",
    )
