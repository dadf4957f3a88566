"""References and branches as the office writes them (HELP-04)."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from kabinet.help.values import BranchText, BranchValue

LONGEST_TEXT: Final = 10_000
LONGEST_NUMBER: Final = 40
MOST_NUMBERS: Final = 100


class ReferenceForm(forms.Form):
    """The text of one reference."""

    text = forms.CharField(
        label=_("Текст"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea({"rows": 16}),
        help_text=_(
            "Пустая строка начинает новый абзац, «## » в начале строки — подзаголовок, «- » — пункт списка. "
            "Таблица: строки с одинаковым числом ячеек через «|», первая строка — названия столбцов."
        ),
        error_messages={"required": _("Напишите текст.")},
    )


class BranchForm(forms.Form):
    """A branch, how to reach it and whom it serves."""

    name = forms.CharField(
        label=_("Название"), max_length=160, error_messages={"required": _("Введите название отделения.")}
    )
    head = forms.CharField(label=_("Руководитель отделения"), max_length=160, required=False)
    address = forms.CharField(label=_("Адрес"), max_length=240, required=False)
    hours = forms.CharField(label=_("Часы работы"), max_length=160, required=False)
    phone = forms.CharField(label=_("Телефон"), max_length=80, required=False)
    email = forms.EmailField(
        label=_("Почта"), required=False, error_messages={"invalid": _("Проверьте адрес: он не похож на почту.")}
    )
    numbers = forms.CharField(
        label=_("Какие договоры обслуживает"),
        required=False,
        max_length=4_000,
        help_text=_(
            "Начало номеров договоров или лицевых счетов, через запятую. Пусто — все, кого не обслуживают другие."
        ),
    )
    place = forms.IntegerField(
        label=_("Место в списке"),
        min_value=0,
        max_value=9999,
        initial=0,
        help_text=_("Меньшее число — выше."),
        error_messages={"required": _("Введите число."), "invalid": _("Введите число.")},
    )
    is_open = forms.BooleanField(label=_("Показывать клиентам"), required=False, initial=True)

    def clean_numbers(self) -> tuple[str, ...]:
        given = [part.strip() for part in self.cleaned_data["numbers"].split(",")]
        numbers = tuple(dict.fromkeys(filter(None, given)))
        if len(numbers) > MOST_NUMBERS or any(len(number) > LONGEST_NUMBER for number in numbers):
            raise forms.ValidationError(_("Не больше 100 начал, каждое не длиннее 40 знаков."))
        return numbers

    def value(self) -> BranchText:
        return BranchText(**self.cleaned_data)

    def refuse_name(self) -> None:
        self.add_error("name", _("Отделение с таким названием уже есть."))

    @staticmethod
    def initial_of(branch: BranchValue) -> dict[str, Any]:
        return {
            "name": branch.name,
            "head": branch.head,
            "address": branch.address,
            "hours": branch.hours,
            "phone": branch.phone,
            "email": branch.email,
            "numbers": ", ".join(branch.numbers),
            "place": branch.place,
            "is_open": branch.is_open,
        }
