"""«Загрузите файл» and the ticks beside doubtful rows (READ-12)."""

from typing import Final

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from kabinet.accounts.forms.fields import PageForm
from kabinet.infra.kinds import Kind, kind_of, media_type_of
from kabinet.infra.storage import WrongKind

LARGEST: Final = 10 * 1024 * 1024
MOST_TICKS: Final = 1000
# No file has so many rows: longer numbers were not ticked on a page of ours.
_LONGEST_NUMBER: Final = 7
# What an old workbook begins with, and one that is closed by a password.
_OLD: Final = b"\xd0\xcf\x11\xe0"
_TAKEN: Final = frozenset({Kind.XLSX, Kind.ZIP, Kind.TEXT})


class FileForm(PageForm):
    """One file: a workbook or a table with separators."""

    file = forms.FileField(
        label=_("Загрузите файл"),
        help_text=_("Шаблон .xlsx или своя таблица: .xlsx, .csv. Не больше 10 МБ"),
        widget=forms.FileInput({"accept": ".xlsx,.xlsm,.ods,.csv,.txt"}),
        error_messages={
            "required": _("Выберите файл."),
            "empty": _("Файл пуст. Сохраните таблицу и выберите её снова."),
        },
    )

    def clean_file(self) -> object:
        given = self.cleaned_data["file"]
        if given.size > LARGEST:
            raise ValidationError(_("Файл больше 10 МБ. Уберите из него лишнее или разделите таблицу."))
        head = given.file.read(len(_OLD))
        given.file.seek(0)
        if head == _OLD:
            words = _("Это книга старого вида (.xls) или закрытая паролем. Сохраните её как .xlsx без пароля.")
            raise ValidationError(words)
        return given

    def media_type(self) -> str:
        """Return what the bytes are; a broken archive is kept as one and refused by its reader, with the reason."""
        found = kind_of(self.cleaned_data["file"].file)
        if found not in _TAKEN:
            raise WrongKind(found)
        return media_type_of(found)

    def add_kind_problem(self, wrong: WrongKind) -> None:
        """Say what the file is in place of a table."""
        names: dict[Kind | None, str] = {Kind.PDF: "PDF", Kind.PNG: "PNG", Kind.JPEG: "JPEG", Kind.XML: "XML"}
        words = _("Файл повреждён или это не таблица. Сохраните его в Excel как .xlsx и выберите снова.")
        if wrong.found in names:
            words = _("Это %(kind)s, а нужна таблица .xlsx или .csv.")
        self.add_error("file", ValidationError(words, params={"kind": names.get(wrong.found, "")}))


def confirmed_rows(data: QueryDict) -> frozenset[int] | None:
    """Return the rows that were ticked; None when all doubtful ones are confirmed."""
    if data.get("which") == "all":
        return None
    ticked = (number for number in data.getlist("row")[:MOST_TICKS] if len(number) <= _LONGEST_NUMBER)
    return frozenset(int(number) for number in ticked if number.isdecimal())
