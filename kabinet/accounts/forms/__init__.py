"""Forms of accounts; each wrong field says how to mend it."""

from kabinet.accounts.forms.agreements import AcceptForm
from kabinet.accounts.forms.passwords import ChangePasswordForm, RecoverForm
from kabinet.accounts.forms.people import AddressForm, ConfirmEmailForm, SignInForm, SignUpForm

__all__ = [
    "AcceptForm",
    "AddressForm",
    "ChangePasswordForm",
    "ConfirmEmailForm",
    "RecoverForm",
    "SignInForm",
    "SignUpForm",
]
