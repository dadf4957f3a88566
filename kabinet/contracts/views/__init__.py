"""Pages of contracts."""

from kabinet.contracts.views.linking import link, unlink
from kabinet.contracts.views.listing import contracts

__all__ = ["contracts", "link", "unlink"]
