"""Signing in, signing up and confirming an address (REG-04, REG-05, PROF-02)."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kabinet.accounts.forms.agreements import AgreementBoxes
from kabinet.accounts.forms.fields import AddressField, CodeField, PageForm, PasswordField, line
from kabinet.accounts.forms.passwords import NewPasswordForm
from kabinet.accounts.forms.words import CODE_REFUSED_WORDS
from kabinet.accounts.values import REQUIRED_AGREEMENTS, Credentials, Newcomer
from kabinet.kernel.phones import parse_phone


class SignInForm(PageForm):
    """The block «Вход в ваш кабинет» (REG-05)."""

    email = AddressField(autocomplete="username")
    password = PasswordField()

    def refuse(self) -> None:
        self.add_error(None, _("Ошибка входа. Неверное имя пользователя/пароль"))

    def value(self) -> Credentials:
        return Credentials(email=self.cleaned_data["email"], password=self.cleaned_data["password"])


class SignUpForm(AgreementBoxes, NewPasswordForm):
    """Sign-up of a legal entity (REG-04)."""

    password_label = _("Пароль")
    field_order = ("organisation", "last_name", "first_name", "middle_name", "no_middle_name", "phone", "email")

    organisation = line(_("Наименование организации"), _("Введите наименование организации."), "organization", 200)
    last_name = line(_("Фамилия"), _("Введите фамилию."), "family-name", 80)
    first_name = line(_("Имя"), _("Введите имя."), "given-name", 80)
    middle_name = line(
        _("Отчество"), _("Введите отчество или поставьте отметку «нет отчества»."), "additional-name", 80
    )
    no_middle_name = forms.BooleanField(label=_("нет отчества"), required=False)
    phone = forms.CharField(
        label=_("Телефон"),
        max_length=60,
        widget=forms.TextInput({"autocomplete": "tel", "inputmode": "tel"}),
        help_text=_("С кодом города или мобильный, например +7 3412 25-92-59"),
        error_messages={"required": _("Введите телефон: по нему поставщик свяжется с вами.")},
    )
    email = AddressField(help_text=_("Будет именем для входа; на него придёт код подтверждения"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_bound and self.data.get("no_middle_name"):
            self.fields["middle_name"].required = False

    @property
    def is_open(self) -> bool:
        """Say whether the provider has published what people must agree to."""
        return set(REQUIRED_AGREEMENTS) <= set(self.agreements)

    def clean_phone(self) -> str:
        phone = parse_phone(self.cleaned_data["phone"])
        if not phone.valid:
            raise ValidationError(_("Не похоже на телефон. Введите десять цифр с кодом: +7 3412 25-92-59."))
        return f"{phone.e164}#{phone.ext}" if phone.ext else str(phone.e164)

    def clean_no_middle_name(self) -> bool:
        if self.cleaned_data["no_middle_name"] and self.cleaned_data.get("middle_name"):
            raise ValidationError(_("Отчество введено: снимите эту отметку или очистите поле."))
        return bool(self.cleaned_data["no_middle_name"])

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


class ConfirmEmailForm(PageForm):
    """The code that confirms an address; the address is asked where we do not know it."""

    email = AddressField(autocomplete="username")
    code = CodeField()

    def __init__(self, *args: Any, known: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = known
        if known:
            del self.fields["email"]

    @property
    def address(self) -> str:
        return self.known or self.cleaned_data["email"]

    def refuse(self) -> None:
        self.add_error("code", CODE_REFUSED_WORDS)


class AddressForm(PageForm):
    """The address to which a code is to go."""

    email = AddressField(autocomplete="username")
