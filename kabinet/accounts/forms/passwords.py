"""New passwords: by the code of a letter (REG-06), by the old one (REG-07)."""

import functools
from collections.abc import Collection
from typing import Any

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kabinet.accounts.forms.fields import AddressField, CodeField, PageForm, PasswordField
from kabinet.accounts.forms.words import CODE_REFUSED_WORDS, PASSWORD_WORDS
from kabinet.accounts.rules.passwords import password_problem
from kabinet.accounts.values import NewPassword, PasswordProblem


class NewPasswordForm(PageForm):
    """A password chosen twice; the shortest length is the policy's and is printed.

    At sign-up by an address it is typed once: who mistypes it has a code by letter a moment later.
    """

    password_label: Any = _("Новый пароль")
    asks_twice: bool = True

    def __init__(self, *args: Any, min_length: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.min_length = min_length
        self.fields["password"] = PasswordField(
            label=self.password_label, autocomplete="new-password", help_text=_length_words(min_length)
        )
        if self.asks_twice:
            self.fields["again"] = PasswordField(label=_("Подтверждение пароля"), autocomplete="new-password")
            self.fields["again"].error_messages["required"] = _("Введите пароль ещё раз.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        password = cleaned.get("password")
        if password and (problem := self._problem(password)):
            self.add_error("password", PASSWORD_WORDS.get(problem) or _length_words(self.min_length))
        elif password and "again" in cleaned and cleaned["again"] != password:
            self.add_error("again", _("Пароли не совпали: введите тот же пароль ещё раз."))
        return cleaned

    def own_words(self) -> Collection[str]:
        """Return what anybody knows of the person."""
        email = self.cleaned_data.get("email", "")
        return {email, email.rpartition("@")[0]}

    def _problem(self, password: str) -> PasswordProblem | None:
        return password_problem(password, min_length=self.min_length, own=self.own_words(), common=_common_passwords())


class RecoverForm(NewPasswordForm):
    """The code of the letter and the password to be (REG-06)."""

    email = AddressField(autocomplete="username")
    code = CodeField()

    def refuse(self) -> None:
        self.add_error("code", CODE_REFUSED_WORDS)

    def value(self) -> NewPassword:
        given = self.cleaned_data
        return NewPassword(email=given["email"], code=given["code"], password=given["password"])


class OwnPasswordForm(NewPasswordForm):
    """The first password of one's own, in place of the letter's (ROLE-04)."""

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def own_words(self) -> Collection[str]:
        return {self.email, self.email.rpartition("@")[0]}


class LinkPasswordForm(OwnPasswordForm):
    """«Изменение пароля» behind the link of a letter (REG-03, REG-06)."""

    def __init__(self, *args: Any, login: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.login = login

    def own_words(self) -> Collection[str]:
        return {*super().own_words(), self.login}


class ChangePasswordForm(OwnPasswordForm):
    """The old password and the new one, twice (REG-07)."""

    old = PasswordField(label=_("Старый пароль"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "password" in cleaned and cleaned["password"] == cleaned.get("old"):
            self.add_error("password", _("Новый пароль совпадает со старым: придумайте другой."))
        return cleaned

    def refuse(self) -> None:
        self.add_error("old", _("Старый пароль не подошёл. Если забыли его, выйдите и нажмите «Напомнить»."))


def _length_words(min_length: int) -> str:
    return gettext("Не короче %(length)s знаков и не из одних цифр") % {"length": min_length}


@functools.cache
def _common_passwords() -> frozenset[str]:
    return frozenset(CommonPasswordValidator().passwords)
