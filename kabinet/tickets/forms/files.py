"""Files that come with a message: several at once, each counted and measured before anybody opens it."""

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

MOST_FILES: Final = 5
LARGEST_FILE: Final = 8 * 1024 * 1024


class FilesInput(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    def __init__(self, label: Any) -> None:
        super().__init__(
            label=label,
            required=False,
            widget=FilesInput({"multiple": True, "accept": ".pdf,.png,.jpg,.jpeg,.xlsx,.xml,.txt,.csv,.zip"}),
            help_text=_("До пяти файлов, каждый не больше 8 МБ: PDF, снимки PNG и JPEG, таблицы, тексты, архивы ZIP"),
        )

    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[Any]]":
        given = [super(FilesField, self).clean(file, initial) for file in data or []]
        if len(given) > MOST_FILES:
            raise ValidationError(_("Файлов не больше пяти. Остальные пришлите следующим обращением."))
        for file in given:
            if file.size > LARGEST_FILE:
                raise ValidationError(_("Файл «%(name)s» больше 8 МБ."), params={"name": file.name})
        return given


def refused_file(name: str) -> str:
    """Say of a file that it is of a kind that we do not take."""
    words = gettext("Файл «%(name)s» не открыть: такие файлы мы не принимаем. Пришлите PDF или снимок.")
    return words % {"name": name}
