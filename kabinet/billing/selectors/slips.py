"""The slip of an account's month."""

from uuid import UUID

from kabinet.billing.rules.slips import due_on
from kabinet.billing.selectors.months import accounts_of, month_of
from kabinet.billing.selectors.runs import runs_of
from kabinet.billing.values.slips import Payee, Payer, Slip
from kabinet.contracts.models import Contract
from kabinet.contracts.values import Action, Viewer
from kabinet.kernel.periods import Month
from kabinet.providers.models import Provider


def slip_of(viewer: Viewer, contract_id: UUID, month: Month) -> Slip | None:
    """Return the slip; None where the viewer has no such account, or nothing was charged in the month."""
    contract = (
        accounts_of(viewer, action=Action.SEE_DOCUMENTS).select_related("provider").filter(pk=contract_id).first()
    )
    if contract is None:
        return None
    resources = month_of(viewer, contract_id, month)
    if not any(each.lines for each in resources):
        return None
    return Slip(
        month=month,
        due_on=due_on(month),
        payee=payee_of(contract.provider),
        payer=payer_of(contract),
        resources=resources,
        runs=runs_of(viewer, contract_id, month),
    )


def payee_of(provider: Provider) -> Payee:
    bank = provider.bank_details
    return Payee(
        name=provider.name,
        inn=provider.inn,
        kpp=provider.kpp,
        bank=bank.get("name", ""),
        bic=bank.get("bic", ""),
        account=bank.get("account", ""),
        correspondent=bank.get("correspondent", ""),
    )


def payer_of(contract: Contract) -> Payer:
    """Return whose account it is; who has no name by parts is named as the agreement names him."""
    return Payer(
        account=contract.number,
        last=contract.holder_last or contract.customer_name,
        first=contract.holder_first,
        middle=contract.holder_middle,
        address=address_of(contract),
    )


def address_of(contract: Contract) -> str:
    """Return where the account is: its supply point's address, or the house's."""
    point = contract.points.order_by("address", "code").first()
    if point is not None:
        return point.address
    return contract.house.address if contract.house else ""
