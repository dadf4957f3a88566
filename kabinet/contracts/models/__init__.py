"""Tables of contracts: what billing owns, its papers, and who sees what."""

from kabinet.contracts.models.contracts import (
    CONTRACT_NUMBER_KEY_SQL,
    METER_NUMBER_KEY_SQL,
    Contract,
    ContractSet,
    FromBilling,
    House,
    Membership,
    MembershipSet,
    Meter,
    Register,
    SupplyPoint,
)
from kabinet.contracts.models.papers import Annex, Paper
from kabinet.contracts.models.requests import LinkRequest, LinkRequestSet, SignUpRequest

__all__ = [
    "CONTRACT_NUMBER_KEY_SQL",
    "METER_NUMBER_KEY_SQL",
    "Annex",
    "Contract",
    "ContractSet",
    "FromBilling",
    "House",
    "LinkRequest",
    "LinkRequestSet",
    "Membership",
    "MembershipSet",
    "Meter",
    "Paper",
    "Register",
    "SignUpRequest",
    "SupplyPoint",
]
