"""The forms of «Профиль» (PROF-01, NOTE-04)."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kabinet.accounts.forms.agreements import AgreementBoxes
from kabinet.accounts.forms.fields import AddressField, PageForm, PhoneField, line
from kabinet.accounts.forms.names import NamesForm
from kabinet.accounts.rules import profile as rules
from kabinet.accounts.values import PersonalData, Preferences


class ProfileForm(NamesForm):
    """«Редактирование профиля»; `shown` is the mark of what the page showed.

    In full it is «Давайте познакомимся» too: everything is required, and who belongs to no organisation says so.
    """

    field_order = (
        "last_name", "first_name", "middle_name", "no_middle_name", "organisation", "no_organisation", "position",
        "address",
    )  # fmt: skip

    organisation = line(_("Организация"), _("Введите наименование организации."), "organization", 200)
    no_organisation = forms.BooleanField(label=_("без организации"), required=False)
    position = forms.CharField(
        label=_("Должность"),
        max_length=120,
        required=False,
        widget=forms.TextInput({"autocomplete": "organization-title"}),
    )
    address = line(_("Адрес"), _("Введите адрес."), "street-address", 240)
    shown = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, needs_organisation: bool, in_full: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].required = needs_organisation
        if in_full:
            self._ask_for_work()
        else:
            del self.fields["no_organisation"], self.fields["address"]

    def _ask_for_work(self) -> None:
        works = not (self.is_bound and self.data.get("no_organisation"))
        self.fields["organisation"].required = self.fields["position"].required = works
        self.fields["organisation"].error_messages["required"] = _(
            "Введите наименование организации или поставьте отметку «без организации»."
        )
        self.fields["position"].error_messages["required"] = _("Введите должность.")

    def clean_no_organisation(self) -> bool:
        if self.cleaned_data["no_organisation"] and self.cleaned_data.get("organisation"):
            raise ValidationError(_("Организация введена: снимите эту отметку или очистите поле."))
        return bool(self.cleaned_data["no_organisation"])

    def value(self) -> PersonalData:
        given = self.cleaned_data
        return PersonalData(
            last_name=given["last_name"],
            first_name=given["first_name"],
            middle_name=given["middle_name"],
            organisation=given["organisation"],
            position=given["position"],
            address=given.get("address", ""),
        )

    def refuse(self, current: PersonalData) -> None:
        """Say that another tab was faster; who saves once more has seen it."""
        self.data = {name: self.data.get(name) for name in self.data} | {"shown": rules.mark_of(current)}
        words = _(
            "Пока страница была открыта, профиль изменили в другом окне. Проверьте введённое и сохраните ещё раз: "
            "тогда останется то, что здесь."
        )
        self.add_error(None, words)


class PhoneForm(PageForm):
    """The phone, with a save of its own."""

    phone = PhoneField()


class EmailForm(PageForm):
    """The address to be."""

    email = AddressField(label=_("Новый адрес электронной почты"))

    def refuse(self) -> None:
        self.add_error("email", _("Это ваш нынешний адрес. Введите другой или вернитесь в профиль."))


class LettersForm(AgreementBoxes):
    """The switches of NOTE-04; the box of advertising is there where the provider has published its text."""

    wants_letters = forms.BooleanField(
        label=_("Уведомления на e-mail"),
        required=False,
        help_text=_(
            "Копии уведомлений, письма о показаниях и документах. "
            "Коды, ссылки и письма о безопасности и доступе приходят всегда."
        ),
    )

    def value(self) -> Preferences:
        return Preferences(wants_letters=self.cleaned_data["wants_letters"], advertising=self.accepted)


def initial_of(data: PersonalData) -> dict[str, Any]:
    """Return what the page of editing starts with."""
    return {
        "last_name": data.last_name,
        "first_name": data.first_name,
        "middle_name": data.middle_name,
        "no_middle_name": bool(data.last_name) and not data.middle_name,
        "organisation": data.organisation,
        "no_organisation": bool(data.last_name) and not data.organisation,
        "position": data.position,
        "address": data.address,
        "shown": rules.mark_of(data),
    }


def labelled(data: PersonalData) -> list[tuple[str | Promise, str]]:
    """Return the data with the names of their fields, for reading."""
    rows: list[tuple[str | Promise, str]] = [
        (_("Фамилия"), data.last_name),
        (_("Имя"), data.first_name),
        (_("Отчество"), data.middle_name),
        (_("Организация"), data.organisation),
        (_("Должность"), data.position),
    ]
    # Not every provider asks for it.
    return [*rows, (_("Адрес"), data.address)] if data.address else rows
