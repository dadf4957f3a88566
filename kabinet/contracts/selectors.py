"""Reads of contracts, always through somebody's eyes."""

from datetime import datetime
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from kabinet.accounts.selectors import SignedIn
from kabinet.contracts.models import Contract, ContractSet, Membership, MembershipSet, Meter
from kabinet.contracts.rules import rights
from kabinet.contracts.values import Action, Viewer


def viewer_of(signed_in: SignedIn, *, provider_id: UUID, at: datetime) -> Viewer:
    """Return the eyes of a signed-in person: every live membership with this provider's contracts."""
    live = Membership.objects.live(at).filter(user_id=signed_in.user.pk, contract__provider_id=provider_id)
    return Viewer(
        user_id=signed_in.user.pk,
        enrollment_id=signed_in.enrollment.pk,
        provider_id=provider_id,
        email_confirmed=signed_in.user.email_confirmed_at is not None,
        display_name=signed_in.user.display_name,
        memberships=tuple(membership.to_value() for membership in live.order_by("granted_at")),
    )


def contracts_of(viewer: Viewer, *, action: Action = Action.SEE_CONTRACT) -> ContractSet:
    """Return the contracts on which the viewer may do the action; strangers' rows are not in the set."""
    allowed = [m.contract_id for m in viewer.memberships if rights.may(m.role, action)]
    return Contract.objects.filter(provider_id=viewer.provider_id, pk__in=allowed).order_by("customer_name", "number")


def meters_of(viewer: Viewer, *, action: Action = Action.SEE_READINGS) -> QuerySet[Meter]:
    """Return the meters that the viewer may act upon, limited to his supply points, with points and registers."""
    seen = Meter.objects.none()
    for membership in viewer.memberships:
        if rights.may(membership.role, action):
            mine = Meter.objects.filter(contract_id=membership.contract_id)
            seen = seen | (mine if membership.points is None else mine.filter(point_id__in=membership.points))
    return (
        seen.select_related("point", "replaced_by")
        .prefetch_related(Prefetch("registers"), Prefetch("replaces"))
        .order_by("point__address", "number")
    )


def people_of(contract_id: UUID, *, at: datetime) -> MembershipSet:
    """Return who holds the contract at the moment."""
    return Membership.objects.live(at).filter(contract_id=contract_id).select_related("user")
