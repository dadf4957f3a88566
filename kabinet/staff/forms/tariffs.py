"""A file of prices."""

from django import forms
from django.utils.translation import gettext_lazy as _

from kabinet.readings.forms.files import FileForm


class PriceFileForm(FileForm):
    """A workbook or a table with separators; nothing changes before it was looked at."""

    file = forms.FileField(
        label=_("Файл с тарифами"),
        help_text=_("По шаблону: .xlsx или .csv, не больше 10 МБ. Сначала покажем, что изменится"),
        widget=forms.FileInput({"accept": ".xlsx,.xlsm,.csv,.txt"}),
        error_messages={
            "required": _("Выберите файл."),
            "empty": _("Файл пуст. Сохраните таблицу и выберите её снова."),
        },
    )

    def refuse(self, *, has_wrong: bool) -> None:
        """Say that nothing was taken, and where the mends stand."""
        if has_wrong:
            self.add_error(
                "file", _("В файле есть ячейки, которые не прочитать: они перечислены ниже. Тарифы прежние.")
            )
        else:
            self.add_error("file", _("Под заголовками таблицы нет ни одной строки. Заполните её и выберите снова."))
