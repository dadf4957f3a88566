"""Reads of what billing prepared, always through somebody's eyes."""

from django.db.models import QuerySet

from kabinet.billing.models import ReconciliationAct
from kabinet.contracts import selectors as contracts
from kabinet.contracts.models import Contract
from kabinet.contracts.values import Action, Viewer


def contracts_for_acts(viewer: Viewer) -> QuerySet[Contract]:
    """Return the contracts whose acts the viewer may ask for (ROLE-05)."""
    return contracts.contracts_of(viewer, action=Action.ASK_FOR_RECONCILIATION)


def acts_of(viewer: Viewer) -> QuerySet[ReconciliationAct]:
    """Return the acts of those contracts, whoever of its people asked, the newest first."""
    seen = ReconciliationAct.objects.filter(contract__in=contracts_for_acts(viewer))
    return seen.select_related("contract", "file__stored").order_by("-asked_at", "-id")
