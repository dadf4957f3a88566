"""Who holds a contract hears who has linked it: its Администратор, else everybody (ROLE-01, TRUST 6)."""

from collections.abc import Callable

from kabinet.contracts import letters
from kabinet.contracts.models import Membership
from kabinet.contracts.values import Role
from kabinet.infra import mail
from kabinet.infra.db import step
from kabinet.infra.models import Event


@step
def tell_holders(event: Event) -> None:
    """Write to the Администратор where there is one, else to all; a link that is gone again needs no words."""
    linked = Membership.objects.live(event.at).select_related("user", "contract__provider")
    one = linked.filter(pk=event.payload["membership"]).first()
    if one is None:
        return
    held = Membership.objects.live(event.at).filter(contract_id=one.contract_id).exclude(user_id=one.user_id)
    holders = list(held.select_related("user").order_by("granted_at", "pk"))
    administrator = next((holder for holder in holders if holder.role == Role.ADMINISTRATOR), None)
    if administrator:
        _tell(administrator, one, letter=letters.contract_linked)
        return
    for holder in holders:
        _tell(holder, one, letter=letters.account_linked)


@step
def _tell(holder: Membership, linked: Membership, *, letter: Callable[..., mail.Letter]) -> None:
    if holder.user.email:
        holder.contract = linked.contract
        mail.post(letter(holder, linked=linked))
