"""«Забыли свой пароль?» where people sign in by account: its number and the address that belongs to it (REG-06)."""

from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from kabinet.accounts.models import User
from kabinet.accounts.services import links, tries
from kabinet.accounts.values import Place, Purpose
from kabinet.contracts.models import Membership
from kabinet.contracts.values import ForgottenAccount
from kabinet.providers.selectors import OpenProvider


def ask_for_link(wanted: ForgottenAccount, *, provider: OpenProvider, place: Place, at: datetime) -> None:
    """Send a link to whoever has both; for a pair that nobody has the same is counted, looked up and left to a job."""
    policy = provider.policy
    tries.spend_address(tries.RECOVERIES, place.address)
    if tries.is_letter_due(wanted.email, Purpose.PASSWORD_LINK, allowed=policy.limits):
        user_id = _owner_of(wanted, provider_id=provider.row.pk, at=at)
        links.ask_for_link(user_id, provider=provider.row, hours=policy.letter_link_hours)


def _owner_of(wanted: ForgottenAccount, *, provider_id: UUID, at: datetime) -> UUID | None:
    """Return who has the address and signs in by the number, or holds the account that has it."""
    held = Membership.objects.live(at).filter(
        user=OuterRef("pk"), contract__provider_id=provider_id, contract__number_key__in=wanted.number_keys
    )
    named = Q(login_names__provider_id=provider_id, login_names__value__in=wanted.logins)
    found = User.objects.with_email(wanted.email).filter(named | Exists(held))
    return found.values_list("pk", flat=True).first()
