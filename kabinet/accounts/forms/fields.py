"""Fields that are read as people type them, and the form that all pages of accounts share."""

from datetime import datetime
from http import HTTPStatus
from typing import Any, Final
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kabinet.accounts.forms.words import ADDRESS_LABEL, EMAIL_LABEL, EMAIL_WORDS, PASSWORD_LABEL
from kabinet.accounts.rules.addresses import email_problem, normal_account, normal_email, normal_login
from kabinet.accounts.rules.codes import CODE_DIGITS, normal_code
from kabinet.accounts.values import EmailProblem, Mode
from kabinet.kernel.phones import parse_phone

LONGEST_PASSWORD: Final = 128


def line(label: Any, required: Any, autocomplete: str, longest: int) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=longest,
        widget=forms.TextInput({"autocomplete": autocomplete}),
        error_messages={"required": required},
    )


class AddressField(forms.CharField):
    """An e-mail address, read as people type it."""

    def __init__(self, *, label: Any = ADDRESS_LABEL, autocomplete: str = "email", **kwargs: Any) -> None:
        widget = forms.EmailInput({"autocomplete": autocomplete, "inputmode": "email", "spellcheck": "false"})
        super().__init__(label=label, widget=widget, max_length=300, **kwargs)
        self.error_messages["required"] = EMAIL_WORDS[EmailProblem.EMPTY]

    def clean(self, value: Any) -> str:
        text = str(super().clean(value))
        if problem := email_problem(text):
            raise ValidationError(EMAIL_WORDS[problem])
        return normal_email(text)


class LoginField(AddressField):
    """An address, or a login that was given before there were addresses."""

    def __init__(self) -> None:
        super().__init__(label=EMAIL_LABEL, autocomplete="username", help_text=_("Или прежний логин"))
        self.widget = forms.TextInput({"autocomplete": "username", "inputmode": "email", "spellcheck": "false"})

    def clean(self, value: Any) -> str:
        text = str(forms.CharField.clean(self, value))
        return super().clean(value) if "@" in text else normal_login(text)


class AccountField(AddressField):
    """The number of an account, or an address: what has an @ is one."""

    def __init__(self, *, digits: int) -> None:
        hint = _("Нули впереди можно не вводить. Подойдёт и адрес электронной почты.")
        super().__init__(label=_("Номер лицевого счета"), autocomplete="username", help_text=hint)
        self.widget = forms.TextInput({"autocomplete": "username", "spellcheck": "false"})
        self.error_messages["required"] = _("Введите номер лицевого счета или адрес электронной почты.")
        self.digits = digits

    def clean(self, value: Any) -> str:
        text = str(forms.CharField.clean(self, value))
        return super().clean(value) if "@" in text else text

    def login_of(self, text: str, *, mode: Mode) -> str:
        return text if "@" in text else normal_account(text, mode=mode, digits=self.digits)


class PhoneField(forms.CharField):
    """A telephone with its area code; extensions are understood."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Телефон"),
            max_length=60,
            widget=forms.TextInput({"autocomplete": "tel", "inputmode": "tel"}),
            help_text=_("С кодом города или мобильный, например +7 3412 25-92-59"),
        )
        self.error_messages["required"] = _("Введите телефон: по нему поставщик свяжется с вами.")

    def clean(self, value: Any) -> str:
        text = str(super().clean(value))
        phone = parse_phone(text)
        if not text:
            return ""
        if not phone.valid:
            raise ValidationError(_("Не похоже на телефон. Введите десять цифр с кодом: +7 3412 25-92-59."))
        return f"{phone.e164}#{phone.ext}" if phone.ext else str(phone.e164)


class PasswordField(forms.CharField):
    """A password: taken with its spaces, never shown again."""

    def __init__(self, *, label: Any = PASSWORD_LABEL, autocomplete: str = "current-password", **kwargs: Any) -> None:
        widget = forms.PasswordInput({"autocomplete": autocomplete})
        super().__init__(label=label, widget=widget, max_length=LONGEST_PASSWORD, strip=False, **kwargs)
        self.error_messages["required"] = _("Введите пароль.")


class CodeField(forms.CharField):
    """The digits of a letter; spaces and hyphens between them are forgiven."""

    def __init__(self) -> None:
        widget = forms.TextInput({"autocomplete": "one-time-code", "inputmode": "numeric", "class": "code-input"})
        super().__init__(label=_("Код из письма"), widget=widget, max_length=40)
        self.error_messages["required"] = _("Введите код: он в письме, которое мы отправили.")

    def clean(self, value: Any) -> str:
        code = normal_code(str(super().clean(value)))
        if len(code) != CODE_DIGITS:
            raise ValidationError(_("В коде шесть цифр. Скопируйте его из письма целиком."))
        return code


class PageForm(forms.Form):
    """A form whose page gets another status where too much was tried."""

    status: int = HTTPStatus.OK
    until: datetime | None = None

    def limit(self, until: datetime, *, zone: ZoneInfo) -> None:
        """Say when the next try is welcome."""
        self.status, self.until = HTTPStatus.TOO_MANY_REQUESTS, until
        words = gettext("Слишком много попыток. Следующая возможна после %(time)s.")
        self.add_error(None, words % {"time": f"{until.astimezone(zone):%H:%M:%S}"})
