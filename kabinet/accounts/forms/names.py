"""Name, patronymic and second name, asked alike at sign-up and in the profile."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kabinet.accounts.forms.fields import PageForm, line


class NamesForm(PageForm):
    """The three names; who has no patronymic says so, so that it is not forgotten."""

    last_name = line(_("Фамилия"), _("Введите фамилию."), "family-name", 80)
    first_name = line(_("Имя"), _("Введите имя."), "given-name", 80)
    middle_name = line(
        _("Отчество"), _("Введите отчество или поставьте отметку «нет отчества»."), "additional-name", 80
    )
    no_middle_name = forms.BooleanField(label=_("нет отчества"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_bound and self.data.get("no_middle_name"):
            self.fields["middle_name"].required = False

    def clean_no_middle_name(self) -> bool:
        if self.cleaned_data["no_middle_name"] and self.cleaned_data.get("middle_name"):
            raise ValidationError(_("Отчество введено: снимите эту отметку или очистите поле."))
        return bool(self.cleaned_data["no_middle_name"])
