"""«Новое обращение» in its two steps, and what is written on in a ticket (TICK-02, TICK-03)."""

from collections.abc import Iterable, Sequence
from http import HTTPStatus
from typing import Any, Final, cast
from uuid import UUID

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kabinet.accounts.forms.fields import PageForm
from kabinet.contracts.models import Contract
from kabinet.tickets.forms.feedback import LONGEST_TEXT
from kabinet.tickets.forms.files import FilesField, refused_file
from kabinet.tickets.values import AccessProblem, TopicValue

_ACCESS_WORDS: Final = {
    AccessProblem.HAS_ADMINISTRATOR: _("У договора уже есть Администратор: роль и доступ назначает он."),
    AccessProblem.ASKED: _("Вы уже просили роль «Администратор» на этот договор: обращение ещё открыто."),
}


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
        access_section: UUID | None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.access_section = access_section
        self.sections = {str(section.section_id): (name, section) for name, some in topics for section in some}
        grouped = [(name, [(str(one.section_id), one.name) for one in some]) for name, some in topics]
        self._field("section").choices = [("", gettext("Выберите")), *grouped]
        own = [(str(row.pk), f"{row.number}, {row.customer_name}") for row in contracts]
        self._field("contract").choices = [("", gettext("Не о договоре")), *own]

    def clean(self) -> dict[str, Any]:
        """Ask for the contract where a role on it is asked for."""
        cleaned = super().clean() or self.cleaned_data
        asks_for_access = cleaned.get("section") == str(self.access_section)
        if asks_for_access and not cleaned.get("contract") and "contract" not in self.errors:
            self.add_error("contract", _("Выберите договор, на который нужна роль «Администратор»."))
        return cleaned

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
    attachments = FilesField(_("Добавить файл"))

    def refuse_file(self, name: str) -> None:
        self.add_error("attachments", refused_file(name))

    def refuse_access(self, problem: AccessProblem) -> None:
        self.add_error(None, _ACCESS_WORDS[problem])

    def refuse_repeated(self) -> None:
        """Say that this page's form was taken before, with other words."""
        self.status = HTTPStatus.CONFLICT
        self.add_error(None, _("С этой страницы другое сообщение уже отправлено. Обновите её, чтобы дописать."))
