"""Pages of contracts."""

from kabinet.contracts.views.linking import link, unlink
from kabinet.contracts.views.listing import contracts, contracts_of_profile
from kabinet.contracts.views.roles import change_role, grant, people, repeat_letter, revoke

__all__ = [
    "change_role",
    "contracts",
    "contracts_of_profile",
    "grant",
    "link",
    "people",
    "repeat_letter",
    "revoke",
    "unlink",
]
