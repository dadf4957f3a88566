"""Signing in, signing up and confirming an address (REG-04, REG-05, PROF-02)."""

from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext_lazy as _

from kabinet.accounts.forms.agreements import AgreementBoxes
from kabinet.accounts.forms.fields import AddressField, CodeField, PageForm, PasswordField, PhoneField, line
from kabinet.accounts.forms.names import NamesForm
from kabinet.accounts.forms.passwords import NewPasswordForm
from kabinet.accounts.forms.words import CODE_REFUSED_WORDS, FIRST_PASSWORD_WORDS
from kabinet.accounts.values import REQUIRED_AGREEMENTS, Credentials, FirstPasswordState, Newcomer


class SignInForm(PageForm):
    """The block «Вход в ваш кабинет» (REG-05)."""

    email = AddressField(autocomplete="username")
    password = PasswordField()

    def refuse(self) -> None:
        self.add_error(None, _("Ошибка входа. Неверное имя пользователя/пароль"))

    def refuse_first_password(self, state: FirstPasswordState) -> None:
        self.add_error(None, FIRST_PASSWORD_WORDS[state])

    def value(self) -> Credentials:
        return Credentials(email=self.cleaned_data["email"], password=self.cleaned_data["password"])


class SignUpForm(NamesForm, AgreementBoxes, NewPasswordForm):
    """Sign-up of a legal entity (REG-04)."""

    password_label = _("Пароль")
    field_order = ("organisation", "last_name", "first_name", "middle_name", "no_middle_name", "phone", "email")

    organisation = line(_("Наименование организации"), _("Введите наименование организации."), "organization", 200)
    phone = PhoneField()
    email = AddressField(help_text=_("Будет именем для входа; на него придёт код подтверждения"))

    @property
    def is_open(self) -> bool:
        """Say whether the provider has published what people must agree to."""
        return set(REQUIRED_AGREEMENTS) <= set(self.agreements)

    def own_words(self) -> Collection[str]:
        return {*super().own_words(), self.cleaned_data.get("organisation", "")}

    def value(self) -> Newcomer:
        given = self.cleaned_data
        return Newcomer(
            email=given["email"],
            password=given["password"],
            last_name=given["last_name"],
            first_name=given["first_name"],
            middle_name=given["middle_name"],
            phone=given["phone"],
            organisation=given["organisation"],
            accepted=self.accepted,
        )


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
