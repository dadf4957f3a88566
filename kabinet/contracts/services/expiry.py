"""A role that was given until a moment ends at it (ROLE-01)."""

from dataclasses import replace
from datetime import datetime

from kabinet.contracts.models import Membership, MembershipSet
from kabinet.infra import audit, events
from kabinet.infra.db import step, use_case
from kabinet.kernel.actors import Actor


@use_case
def end_all_expired(*, by: Actor, at: datetime) -> int:
    """End every role whose time is over; return how many there were."""
    return end_expired(Membership.objects.all(), by=by, at=at)


@step
def end_expired(among: MembershipSet, *, by: Actor, at: datetime) -> int:
    """End those whose time is over, as of the moment it was over; return how many there were.

    They give no sight already. The job comes each hour; who gives a role asks for its contract's rows at once, since
    the keys which know of one role a person and one Администратор a contract count a row until it is ended.
    """
    held = among.expired(at).select_for_update(of=("self",)).select_related("contract").order_by("pk")
    return len([_end(membership, by=by, at=at) for membership in held])


@step
def _end(membership: Membership, *, by: Actor, at: datetime) -> None:
    contract = membership.contract
    membership.ended_at = membership.expires_at
    membership.save(update_fields=["ended_at"])
    # The job works for all providers, and each reads its own history.
    audit.record(
        "contracts.role_expired",
        membership,
        before=membership.role,
        after=None,
        by=replace(by, provider_id=contract.provider_id),
        contract_id=contract.pk,
    )
    events.emit(
        "contracts.role_expired",
        provider_id=contract.provider_id,
        contract_id=contract.pk,
        payload={"membership": str(membership.pk), "user": str(membership.user_id)},
        at=at,
    )
