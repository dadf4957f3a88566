"""The Администратор of a contract hears who has linked it (ROLE-01)."""

from kabinet.contracts import letters
from kabinet.contracts.models import Membership
from kabinet.contracts.values import Role
from kabinet.infra import mail
from kabinet.infra.db import step
from kabinet.infra.models import Event


@step
def tell_administrator(event: Event) -> None:
    """Write to the Администратор where there is one; a link that is gone again needs no words."""
    linked = Membership.objects.live(event.at).select_related("user", "contract__provider")
    one = linked.filter(pk=event.payload["membership"]).first()
    if one is None:
        return
    held = Membership.objects.live(event.at).filter(contract_id=one.contract_id, role=Role.ADMINISTRATOR)
    administrator = held.exclude(user_id=one.user_id).select_related("user").first()
    if administrator and administrator.user.email:
        administrator.contract = one.contract
        mail.post(letters.contract_linked(administrator, linked=one))
