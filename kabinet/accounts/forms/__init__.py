"""Forms of accounts; each wrong field says how to mend it."""

from kabinet.accounts.forms.agreements import AcceptForm
from kabinet.accounts.forms.passwords import ChangePasswordForm, LinkPasswordForm, OwnPasswordForm, RecoverForm
from kabinet.accounts.forms.people import (
    AddressForm,
    CodeForm,
    ConfirmEmailForm,
    EntitySignUpForm,
    SignInForm,
    SignUpForm,
    sign_in_form,
)
from kabinet.accounts.forms.profile import EmailForm, LettersForm, PhoneForm, ProfileForm

__all__ = [
    "AcceptForm",
    "AddressForm",
    "ChangePasswordForm",
    "CodeForm",
    "ConfirmEmailForm",
    "EmailForm",
    "EntitySignUpForm",
    "LettersForm",
    "LinkPasswordForm",
    "OwnPasswordForm",
    "PhoneForm",
    "ProfileForm",
    "RecoverForm",
    "SignInForm",
    "SignUpForm",
    "sign_in_form",
]
