"""The second factor: the telephone's code or a spare one."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kabinet.accounts.forms.fields import PageForm
from kabinet.accounts.rules import factors

_LONGEST = 40


class FactorForm(PageForm):
    """The code that the application shows now; where it is passed and not set up, a spare code does too."""

    code = forms.CharField(
        label=_("Код из приложения"),
        max_length=_LONGEST,
        widget=forms.TextInput(
            {"autocomplete": "one-time-code", "spellcheck": "false", "autofocus": True, "class": "code-input"}
        ),
        error_messages={"required": _("Введите код: приложение показывает его полминуты.")},
    )

    def __init__(self, *args: object, takes_spare: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.takes_spare = takes_spare
        if takes_spare:
            self.fields["code"].help_text = _("Шесть цифр. Нет телефона под рукой — введите запасной код.")

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if self.takes_spare and factors.is_spare(code):
            return code
        if len(factors.normal_code(code)) != factors.DIGITS:
            raise ValidationError(_("В коде шесть цифр. Введите тот, который приложение показывает сейчас."))
        return factors.normal_code(code)

    def refuse(self) -> None:
        words = gettext(
            "Код не подошёл или уже использован. Дождитесь следующего; проверьте, что часы телефона идут верно."
        )
        self.add_error("code", words)
