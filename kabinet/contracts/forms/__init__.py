"""Forms of contracts."""

from kabinet.contracts.forms.adding import AddForm
from kabinet.contracts.forms.claims import AccountSignUpForm, ClaimForm, ForgottenForm
from kabinet.contracts.forms.linking import ROLE_WORDS, GrantForm, LinkForm, Scope

__all__ = [
    "ROLE_WORDS",
    "AccountSignUpForm",
    "AddForm",
    "ClaimForm",
    "ForgottenForm",
    "GrantForm",
    "LinkForm",
    "Scope",
]
