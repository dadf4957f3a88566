"""Pages of contracts."""

from kabinet.contracts.views.adding import add, cancel, write_again
from kabinet.contracts.views.card import annex, card, card_file
from kabinet.contracts.views.confirming import confirm
from kabinet.contracts.views.linking import link, unlink
from kabinet.contracts.views.listing import contracts, contracts_of_profile
from kabinet.contracts.views.roles import change_role, grant, people, repeat_letter, revoke

__all__ = [
    "add",
    "annex",
    "cancel",
    "card",
    "card_file",
    "change_role",
    "confirm",
    "contracts",
    "contracts_of_profile",
    "grant",
    "link",
    "people",
    "repeat_letter",
    "revoke",
    "unlink",
    "write_again",
]
