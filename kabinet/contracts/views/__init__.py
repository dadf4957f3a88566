"""Pages of contracts."""

from kabinet.contracts.views.linking import link, unlink
from kabinet.contracts.views.listing import contracts, contracts_of_profile

__all__ = ["contracts", "contracts_of_profile", "link", "unlink"]
