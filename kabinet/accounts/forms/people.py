"""Signing in, signing up and confirming an address (REG-01, REG-04, REG-05, PROF-02)."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kabinet.accounts.forms.agreements import AgreementBoxes
from kabinet.accounts.forms.fields import (
    AccountField,
    AddressField,
    CodeField,
    LoginField,
    PageForm,
    PasswordField,
    PhoneField,
    line,
)
from kabinet.accounts.forms.names import NamesForm
from kabinet.accounts.forms.passwords import NewPasswordForm
from kabinet.accounts.forms.words import (
    CODE_REFUSED_WORDS,
    EMAIL_LABEL,
    FIRST_PASSWORD_WORDS,
    MODE_WORDS,
    PASSWORD_LABEL,
)
from kabinet.accounts.values import REQUIRED_AGREEMENTS, Credentials, FirstPasswordState, Mode, Newcomer
from kabinet.providers.values import Policy


class SignInForm(PageForm):
    """The block «Вход в ваш кабинет» (REG-05); the policy says whether a login of before is known, too."""

    email = AddressField(autocomplete="username")
    password = PasswordField()

    def __init__(self, *args: Any, knows_old_logins: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if knows_old_logins:
            self.fields["email"] = LoginField()

    def refuse(self) -> None:
        self.add_error(None, _("Ошибка входа. Неверное имя пользователя/пароль"))

    def refuse_first_password(self, state: FirstPasswordState) -> None:
        self.add_error(None, FIRST_PASSWORD_WORDS[state])

    def value(self) -> Credentials:
        return Credentials(login=self.cleaned_data["email"], password=self.cleaned_data["password"])


class AccountSignInForm(SignInForm):
    """The same where people sign in by the number of their account; an address will do, too (REG-05)."""

    mode = forms.ChoiceField(
        label=_("Кто входит"),
        choices=[(mode.value, words) for mode, words in MODE_WORDS.items()],
        initial=Mode.PERSON.value,
        required=False,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, digits: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"] = AccountField(digits=digits)

    def clean(self) -> dict[str, Any]:
        """Read the number as the chosen mode writes it."""
        cleaned = super().clean() or self.cleaned_data
        field = self.fields["email"]
        if isinstance(field, AccountField) and cleaned.get("email"):
            cleaned["email"] = field.login_of(cleaned["email"], mode=Mode(cleaned.get("mode") or Mode.PERSON))
        return cleaned


def sign_in_form(policy: Policy, data: Mapping[str, Any] | None = None) -> SignInForm:
    """Return the way in as the provider's policy has it."""
    if policy.account_logins:
        return AccountSignInForm(data, digits=policy.account_digits)
    return SignInForm(data, knows_old_logins=policy.old_logins)


class SignUpForm(AgreementBoxes, NewPasswordForm):
    """Sign-up by an address alone; the person is asked for afterwards (REG-01)."""

    lead = _("Нужны только адрес и пароль. Имя и телефон спросим, когда адрес будет подтверждён.")
    password_label = PASSWORD_LABEL
    asks_twice = False
    email = AddressField(label=EMAIL_LABEL, help_text=_("Будет именем для входа; на него придёт код подтверждения"))

    @property
    def is_open(self) -> bool:
        """Say whether the provider has published what people must agree to."""
        return set(REQUIRED_AGREEMENTS) <= set(self.agreements)

    def value(self) -> Newcomer:
        given = self.cleaned_data
        return Newcomer(email=given["email"], password=given["password"], accepted=self.accepted)


class EntitySignUpForm(NamesForm, SignUpForm):
    """Sign-up of a legal entity (REG-04)."""

    lead = _("Для юридических лиц. Все поля обязательны, рассылка — по желанию.")
    asks_twice = True
    field_order = ("organisation", "last_name", "first_name", "middle_name", "no_middle_name", "phone", "email")

    organisation = line(_("Наименование организации"), _("Введите наименование организации."), "organization", 200)
    phone = PhoneField()
    email = AddressField(help_text=_("Будет именем для входа; на него придёт код подтверждения"))

    def own_words(self) -> Collection[str]:
        return {*super().own_words(), self.cleaned_data.get("organisation", "")}

    def value(self) -> Newcomer:
        asked = ("last_name", "first_name", "middle_name", "phone", "organisation")
        return replace(super().value(), **{name: self.cleaned_data[name] for name in asked})


class CodeForm(PageForm):
    """The code that proves an address which we know."""

    code = CodeField()

    def refuse(self) -> None:
        self.add_error("code", CODE_REFUSED_WORDS)


class ConfirmEmailForm(CodeForm):
    """The code that confirms an address; the address is asked where we do not know it."""

    field_order = ("email", "code")

    email = AddressField(autocomplete="username")

    def __init__(self, *args: Any, known: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = known
        if known:
            del self.fields["email"]

    @property
    def address(self) -> str:
        return self.known or self.cleaned_data["email"]


class AddressForm(PageForm):
    """The address to which a code is to go."""

    email = AddressField(autocomplete="username")
