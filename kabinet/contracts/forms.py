"""«Заявка на подключение» (CON-01)."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kabinet.contracts.rules.numbers import number_key
from kabinet.contracts.values import LinkByInn, LinkProblem
from kabinet.kernel.identifiers.checked import Fault
from kabinet.kernel.identifiers.inn import check_inn

LINK_WORDS = {
    LinkProblem.NOT_FOUND: _(
        "Договор с таким ИНН и номером не найден, либо данные не совпадают. Проверьте обе строки по договору или "
        "счёту. Если всё верно, позвоните поставщику: договор мог ещё не поступить в кабинет."
    ),
    LinkProblem.ALREADY_LINKED: _("Этот договор уже подключён к вашему кабинету."),
    LinkProblem.EMAIL_UNCONFIRMED: _("Сначала подтвердите адрес электронной почты: код отправлен вам письмом."),
}
INN_WORDS = {
    Fault.CHECKSUM: _("Контрольные цифры ИНН не сходятся: в номере опечатка. Сверьте его с договором."),
    Fault.FORMAT: _("ИНН состоит только из цифр."),
    Fault.LENGTH: _("В ИНН 10 цифр у организации и 12 у предпринимателя. Проверьте, не пропущена ли цифра."),
    Fault.ZEROS: _("ИНН не может состоять из одних нулей."),
}


class LinkForm(forms.Form):
    """The pair that names a contract; the label of the number carries the provider's name."""

    inn = forms.CharField(
        label=_("ИНН компании"),
        max_length=40,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("10 цифр у организации, 12 у предпринимателя"),
    )
    number = forms.CharField(max_length=40, widget=forms.TextInput({"autocomplete": "off"}))

    def __init__(self, *args: object, provider_name: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["number"].label = _("Номер договора с %(provider)s") % {"provider": provider_name}

    def clean_inn(self) -> str:
        checked = check_inn(self.cleaned_data["inn"])
        if not checked.valid:
            raise ValidationError(INN_WORDS[checked.reason or Fault.FORMAT])
        return str(checked.normalized)

    def clean_number(self) -> str:
        number: str = self.cleaned_data["number"]
        if not number_key(number):
            raise ValidationError(_("Введите номер так, как он напечатан в договоре."))
        return number

    def value(self) -> LinkByInn:
        return LinkByInn(inn=self.cleaned_data["inn"], number_key=number_key(self.cleaned_data["number"]))

    def add_problem(self, problem: LinkProblem) -> None:
        self.add_error(None, LINK_WORDS[problem])
