"""«Новое обращение» in its two steps, and what is written on in a ticket (TICK-02, TICK-03)."""

from collections.abc import Iterable, Sequence
from http import HTTPStatus
from typing import Any, cast

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kabinet.accounts.forms.fields import PageForm
from kabinet.contracts.models import Contract
from kabinet.tickets.forms.feedback import LONGEST_TEXT, FilesField, FilesInput
from kabinet.tickets.values import TopicValue


class ChooseForm(PageForm):
    """What it is about: a section of a theme, and a contract where it is about one."""

    section = forms.ChoiceField(
        label=_("Тема и раздел"),
        error_messages={"required": _("Выберите раздел."), "invalid_choice": _("Выберите раздел из списка.")},
    )
    contract = forms.ChoiceField(
        label=_("Договор"), required=False, error_messages={"invalid_choice": _("Выберите договор из списка.")}
    )

    def __init__(
        self,
        *args: Any,
        topics: Sequence[tuple[str, Sequence[TopicValue]]],
        contracts: Iterable[Contract],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.sections = {str(section.section_id): (name, section) for name, some in topics for section in some}
        grouped = [(name, [(str(one.section_id), one.name) for one in some]) for name, some in topics]
        self._field("section").choices = [("", gettext("Выберите")), *grouped]
        own = [(str(row.pk), f"{row.number}, {row.customer_name}") for row in contracts]
        self._field("contract").choices = [("", gettext("Не о договоре")), *own]

    @property
    def theme(self) -> str:
        return self.sections[self.cleaned_data["section"]][0]

    @property
    def chosen(self) -> TopicValue:
        return self.sections[self.cleaned_data["section"]][1]

    def _field(self, name: str) -> forms.ChoiceField:
        return cast("forms.ChoiceField", self.fields[name])


class WriteForm(PageForm):
    """The words and their files; the key makes one sending of two presses."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=80)
    text = forms.CharField(
        label=_("Сообщение"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea({"rows": 6}),
        error_messages={"required": _("Напишите, в чём вопрос.")},
    )
    attachments = FilesField(
        label=_("Добавить файл"),
        required=False,
        widget=FilesInput({"multiple": True, "accept": ".pdf,.png,.jpg,.jpeg,.xlsx,.xml,.txt,.csv,.zip"}),
        help_text=_("До пяти файлов, каждый не больше 8 МБ: PDF, снимки PNG и JPEG, таблицы, тексты, архивы ZIP"),
    )

    def refuse_file(self, name: str) -> None:
        words = gettext("Файл «%(name)s» не открыть: такие файлы мы не принимаем. Пришлите PDF или снимок.")
        self.add_error("attachments", words % {"name": name})

    def refuse_repeated(self) -> None:
        """Say that this page's form was taken before, with other words."""
        self.status = HTTPStatus.CONFLICT
        self.add_error(None, _("С этой страницы другое сообщение уже отправлено. Обновите её, чтобы дописать."))
