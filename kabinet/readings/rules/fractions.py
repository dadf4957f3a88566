"""Whose registers are asked for what stands behind the comma."""

from kabinet.contracts.values import ContractKind
from kabinet.providers.values import Resource


def takes_fraction(resource: Resource, kind: ContractKind) -> bool:
    """Say whether decimals are sent: behind a transformer a hundredth is worth hundreds of kilowatt-hours."""
    return resource is Resource.ELECTRICITY and kind is not ContractKind.HOUSEHOLD
