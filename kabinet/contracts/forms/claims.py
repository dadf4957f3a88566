"""An account named by number, holder and meter: at sign-up (REG-03) and after it (CON-03)."""

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from kabinet.accounts.forms.agreements import AgreementBoxes
from kabinet.accounts.forms.fields import AddressField, PageForm, PhoneField, line
from kabinet.accounts.forms.names import NamesForm
from kabinet.accounts.forms.words import MODE_WORDS
from kabinet.accounts.rules.addresses import normal_account
from kabinet.accounts.values import REQUIRED_AGREEMENTS, Mode
from kabinet.contracts.forms.linking import INN_WORDS, LINK_WORDS
from kabinet.contracts.rules.numbers import number_key
from kabinet.contracts.values import AccountNewcomer, Claim, ForgottenAccount, LinkProblem
from kabinet.kernel.digits import account_pad, meter_number_key
from kabinet.kernel.identifiers.checked import Fault
from kabinet.kernel.identifiers.inn import check_inn
from kabinet.kernel.names import PersonName

NOT_FOUND_WORDS: Final = {
    Mode.PERSON: _(
        "Лицевой счёт не найден, либо данные с ним не совпадают. Сверьте с квитанцией номер счёта, Ф.И.О. "
        "квартиросъёмщика и номер счётчика. Попробуйте ввести в поля «Имя» и «Отчество» инициалы, без точек. "
        "Если всё верно, напишите нам через «Обратную связь»."
    ),
    Mode.LEGAL: _(
        "Договор не найден, либо данные с ним не совпадают. Сверьте с договором его номер, ИНН и номер счётчика. "
        "Если всё верно, напишите нам через «Обратную связь»."
    ),
}
# Which fields each mode asks for, beside those that all ask for.
OF_PERSON: Final = ("account", "last_name", "first_name", "middle_name", "no_middle_name")
OF_OTHERS: Final = ("number", "inn", "organisation")


class AccountNumber(forms.CharField):
    """A household's account, written in full length with the zeros that were left out."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput({"inputmode": "numeric", "autocomplete": "off"})
        super().__init__(label=_("Номер лицевого счета"), max_length=40, widget=widget, **kwargs)
        self.error_messages["required"] = _("Введите номер лицевого счета: он напечатан в квитанции.")
        self.digits = 9

    def clean(self, value: Any) -> str:
        text = str(super().clean(value))
        if not text:
            return ""
        try:
            number = account_pad(text.replace("№", ""), self.digits)
        except ValueError:
            words = _("В номере лицевого счета %(digits)d цифр и нет букв. Сверьте его с квитанцией.")
            raise ValidationError(words % {"digits": self.digits}) from None
        if not number.strip("0"):
            raise ValidationError(_("Номер лицевого счета не может состоять из одних нулей."))
        return number


class MeterNumber(forms.CharField):
    """The number of a meter, of which the digits alone are compared."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=_("Номер счетчика"),
            max_length=40,
            widget=forms.TextInput({"autocomplete": "off"}),
            help_text=_("Любого счётчика по этому счёту. Буквы, дефисы и нули впереди можно не вводить."),
            **kwargs,
        )
        self.error_messages["required"] = _("Введите номер счетчика: он на его передней панели и в квитанции.")

    def clean(self, value: Any) -> str:
        text = str(super().clean(value))
        if not meter_number_key(text):
            raise ValidationError(_("В номере счетчика есть цифры: введите их, буквы можно пропустить."))
        return text


class ClaimForm(NamesForm):
    """The account, who holds it, and one of its meters; the fields of the mode that is not chosen are not looked at."""

    field_order: tuple[str, ...] | None = (
        "mode", "account", "number", "inn", "organisation", "email", "last_name", "first_name", "middle_name",
        "no_middle_name", "phone", "meter",
    )  # fmt: skip

    mode = forms.ChoiceField(
        label=_("Чей это счёт"),
        choices=[(mode.value, words) for mode, words in MODE_WORDS.items()],
        initial=Mode.PERSON.value,
        required=False,
        widget=forms.RadioSelect,
    )
    account = AccountNumber()
    number = line(_("Номер договора"), _("Введите номер договора так, как он в нём напечатан."), "off", 40)
    inn = line(_("ИНН"), _("Введите ИНН организации."), "off", 40)
    meter = MeterNumber()

    def __init__(self, *args: Any, digits: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        account = self.fields["account"]
        if isinstance(account, AccountNumber):
            account.digits = digits
            account.help_text = _("%(digits)d цифр; нули впереди можно не вводить") % {"digits": digits}

    def full_clean(self) -> None:
        """Look at the fields of the chosen mode alone; the others keep what was typed."""
        every, unasked = self.fields, OF_OTHERS if self.mode_chosen is Mode.PERSON else OF_PERSON
        self.fields = {name: field for name, field in every.items() if name not in unasked}
        try:
            super().full_clean()
        finally:
            self.fields = every

    @property
    def mode_chosen(self) -> Mode:
        chosen = self.data.get("mode") if self.is_bound else self.initial.get("mode")
        return Mode(chosen) if chosen in set(Mode) else Mode.PERSON

    def clean_account(self) -> str:
        """Show the number with its zeros wherever the form is shown again."""
        number: str = self.cleaned_data["account"]
        self._show("account", number)
        return number

    def clean_number(self) -> str:
        number: str = self.cleaned_data["number"]
        if not number_key(number):
            raise ValidationError(_("Введите номер договора так, как он в нём напечатан."))
        return number

    def clean_inn(self) -> str:
        checked = check_inn(self.cleaned_data["inn"])
        if not checked.valid:
            raise ValidationError(INN_WORDS[checked.reason or Fault.FORMAT])
        return str(checked.normalized)

    def add_problem(self, problem: LinkProblem) -> None:
        """Say what is wrong; what names nothing is one answer, whichever part of it is wrong."""
        if problem is not LinkProblem.NOT_FOUND:
            self.add_error(None, LINK_WORDS[problem])
            return
        self.add_error(None, NOT_FOUND_WORDS.get(self.mode_chosen, NOT_FOUND_WORDS[Mode.LEGAL]))

    def claim(self) -> Claim:
        given, mode = self.cleaned_data, self.mode_chosen
        is_person = mode is Mode.PERSON
        number = given["account"] if is_person else given["number"]
        name = PersonName(given["last_name"], given["first_name"], given["middle_name"]) if is_person else None
        return Claim(
            mode=mode,
            login=normal_account(number, mode=mode, digits=len(number)),
            number_key=number_key(number),
            meter_key=meter_number_key(given["meter"]),
            name=name or PersonName("", ""),
            inn="" if is_person else given["inn"],
        )

    def _show(self, name: str, value: str) -> None:
        self.data = {**self.data.dict(), name: value} if isinstance(self.data, QueryDict) else self.data


class AccountSignUpForm(AgreementBoxes, ClaimForm):
    """«Регистрация» by account (REG-03)."""

    organisation = line(_("Наименование организации"), _("Введите наименование организации."), "organization", 200)
    email = AddressField(label=_("Адрес e-mail"), help_text=_("На него придёт письмо со ссылкой для ввода пароля"))
    phone = PhoneField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mode"].label = _("Кто регистрируется")
        self.fields["phone"].required = False

    @property
    def is_open(self) -> bool:
        """Say whether the provider has published what people must agree to."""
        return set(REQUIRED_AGREEMENTS) <= set(self.agreements)

    def value(self) -> AccountNewcomer:
        given = self.cleaned_data
        return AccountNewcomer(
            claim=self.claim(),
            email=given["email"],
            accepted=self.accepted,
            phone=given["phone"],
            organisation=given.get("organisation", ""),
        )


class ForgottenForm(PageForm):
    """«Забыли свой пароль?»: the number and the address that go together (REG-06)."""

    number = line(_("Номер лицевого счета"), _("Введите номер лицевого счета или договора."), "username", 40)
    email = AddressField(help_text=_("С которым вы регистрировались, или последний, если меняли его"))

    def value(self, *, digits: int) -> ForgottenAccount:
        """Return the number in every way in which it may be kept: whose it is is not asked here."""
        text: str = self.cleaned_data["number"]
        logins = {normal_account(text, mode=mode, digits=digits) for mode in Mode}
        keys = {number_key(text), *(number_key(login) for login in logins)}
        return ForgottenAccount(self.cleaned_data["email"], tuple(sorted(logins)), tuple(sorted(keys)))
