"""A later end of a month's window."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kabinet.contracts.models import Contract
from kabinet.contracts.rules.numbers import number_key
from kabinet.kernel.formats import format_month
from kabinet.kernel.periods import Month
from kabinet.readings.values import Extension, ExtensionProblem
from kabinet.staff.forms.cards import BecauseForm
from kabinet.staff.selectors.cards import contract_numbered

EXTENSION_WORDS: Final = {
    ExtensionProblem.NOT_NEEDED: _("Здесь приём не закрывается по сроку: продлевать нечего."),
    ExtensionProblem.PERIOD_CLOSED: _("Биллинг уже закрыл этот период: показания в нём принять нельзя."),
    ExtensionProblem.IN_THE_PAST: _("Этот день уже прошёл. Выберите сегодняшний или более поздний."),
    ExtensionProblem.NOT_LATER: _("Приём и так открыт по этот день. Выберите более поздний."),
    ExtensionProblem.NEXT_WINDOW: _("В этот день уже идёт приём за следующий месяц. Выберите более ранний."),
}


class ExtensionForm(BecauseForm):
    """Which month, till which day, for one contract or for all, and why."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=80)
    number = forms.CharField(
        label=_("Номер договора"),
        required=False,
        max_length=40,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    month = forms.ChoiceField(label=_("Отчётный период"))
    closes = forms.DateField(
        label=_("Принимать по (включительно)"),
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        error_messages={"required": _("Выберите день."), "invalid": _("Выберите день в календаре.")},
    )
    field_order = ("number", "month", "closes", "reason", "reference", "key")

    def __init__(self, *args: Any, provider_id: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.provider_id = provider_id
        self.contract: Contract | None = None
        field = self.fields["month"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - tells the checker what we made above
        field.choices = [(str(month), _written(month)) for month in _offered(today)]
        self.fields["reference"].help_text = ""
        self.initial.setdefault("month", str(Month.of(today)))

    def clean_number(self) -> str:
        number: str = self.cleaned_data["number"]
        if number:
            self.contract = contract_numbered(self.provider_id, number_key(number))
            if self.contract is None:
                raise ValidationError(_("Договора с таким номером нет. Проверьте номер или найдите договор в поиске."))
        return number

    def value(self) -> Extension:
        return Extension(Month.parse(self.cleaned_data["month"]), self.cleaned_data["closes"])

    def add_problem(self, problem: ExtensionProblem) -> None:
        is_of_month = problem in {ExtensionProblem.NOT_NEEDED, ExtensionProblem.PERIOD_CLOSED}
        self.add_error("month" if is_of_month else "closes", EXTENSION_WORDS[problem])


def _offered(today: date) -> Iterable[Month]:
    """Offer the month that has just closed, the one that runs and the one to come."""
    month = Month.of(today)
    return (month.previous, month, month.next)


def _written(month: Month) -> str:
    return format_month(month, get_language() or "ru")
