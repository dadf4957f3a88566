"""Pages of contracts."""

from kabinet.contracts.views.adding import add, cancel, write_again
from kabinet.contracts.views.card import annex, card, card_file
from kabinet.contracts.views.claims import link_account
from kabinet.contracts.views.confirming import confirm
from kabinet.contracts.views.enrolling import recover, recover_sent, sign_up, sign_up_password, signed_up
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
    "link_account",
    "people",
    "recover",
    "recover_sent",
    "repeat_letter",
    "revoke",
    "sign_up",
    "sign_up_password",
    "signed_up",
    "unlink",
    "write_again",
]
