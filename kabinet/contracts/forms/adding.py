"""«Добавить договор» (CON-02)."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kabinet.accounts.forms.fields import AddressField
from kabinet.contracts.forms.linking import LINK_WORDS
from kabinet.contracts.values import LinkByEmail, LinkProblem
from kabinet.kernel.identifiers.checked import Fault
from kabinet.kernel.identifiers.codes import Code, check_code

NUMBER_WORDS = {
    Fault.FORMAT: _("Номер договора состоит только из цифр; пробелы и дефисы можно оставить."),
    Fault.LENGTH: _("В номере договора 14 цифр. Проверьте, не пропущена ли цифра."),
    Fault.ZEROS: _("Номер договора не может состоять из одних нулей."),
}


class AddForm(forms.Form):
    """The pair that names a contract and the mailbox that confirms it."""

    number = forms.CharField(
        label=_("Номер договора"),
        max_length=40,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("14 цифр, как в договоре; пробелы и дефисы не мешают"),
        error_messages={"required": _("Введите номер договора: 14 цифр.")},
    )
    email = AddressField(
        label=_("E-mail"),
        autocomplete="off",
        help_text=_("Один из адресов, указанных в договоре или в дополнительных соглашениях к нему"),
    )

    def clean_number(self) -> str:
        checked = check_code(Code.CONTRACT_14, self.cleaned_data["number"])
        if not checked.valid:
            raise ValidationError(NUMBER_WORDS[checked.reason or Fault.FORMAT])
        return str(checked.normalized)

    def value(self) -> LinkByEmail:
        return LinkByEmail(number=self.cleaned_data["number"], email=self.cleaned_data["email"])

    def add_problem(self, problem: LinkProblem) -> None:
        self.add_error(None, LINK_WORDS[problem])
