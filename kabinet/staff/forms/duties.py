"""Answers to tickets, questions and answers, days of the calendar, the policy, the audit's filter."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kabinet.contracts.rules.numbers import number_key
from kabinet.contracts.values import AppointProblem
from kabinet.help.models import HelpEntry
from kabinet.help.values import EntryText
from kabinet.staff.selectors.audit import AuditQuery
from kabinet.staff.selectors.cards import contract_numbered
from kabinet.tickets.forms import FilesField, refused_file

LONGEST_TEXT: Final = 10_000
LONGEST_POLICY: Final = 20_000


_APPOINT_WORDS: Final = {
    AppointProblem.HAS_ADMINISTRATOR: _("У договора уже есть Администратор. Откажите или сначала снимите прежнего."),
    AppointProblem.NOT_HELD: _("У автора больше нет доступа к этому договору: назначить его нельзя."),
    AppointProblem.NOBODY: _("У договора нет Администратора."),
}


def _text(label: Any, required: Any, rows: int = 6) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea({"rows": rows}),
        error_messages={"required": required},
    )


def _day(label: Any, *, is_required: bool = False) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=is_required,
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        error_messages={"required": _("Выберите день."), "invalid": _("Выберите день в календаре.")},
    )


class AnswerForm(forms.Form):
    """What the author is written, by letter too, and files that wait for him in the cabinet."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=80)
    text = _text(_("Ответ"), _("Напишите ответ."))
    attachments = FilesField(_("Добавить файл"))

    def __init__(self, *args: Any, has_cabinet: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Who wrote without signing in reads the letter alone.
        if not has_cabinet:
            del self.fields["attachments"]

    def refuse_file(self, name: str) -> None:
        self.add_error("attachments", refused_file(name))


class AskForm(forms.Form):
    """What the customer is asked about a reading."""

    text = _text(_("Вопрос клиенту"), _("Напишите вопрос."), rows=4)


class NoteForm(forms.Form):
    """What the author never sees."""

    note = _text(_("Заметка для своих"), _("Напишите заметку."), rows=3)


class AccessForm(forms.Form):
    """The answer by which the role «Администратор» is granted or refused."""

    reply = _text(_("Ответ автору"), _("Напишите ответ: он уйдёт автору вместе с решением."), rows=3)

    def refuse(self, problem: AppointProblem) -> None:
        self.add_error(None, _APPOINT_WORDS[problem])


class CloseForm(forms.Form):
    """How the ticket ended; its author sees it."""

    resolution = forms.CharField(
        label=_("Чем закончилось"),
        max_length=300,
        help_text=_("Видно автору обращения."),
        error_messages={"required": _("Напишите, чем закончилось обращение.")},
    )


class EntryForm(forms.Form):
    """A question with its answer, under the heading of a group."""

    group = forms.CharField(
        label=_("Группа"),
        max_length=120,
        help_text=_("Название как на странице; новое название заведёт новую группу."),
        error_messages={"required": _("Введите название группы.")},
    )
    question = forms.CharField(
        label=_("Вопрос"), max_length=300, error_messages={"required": _("Введите вопрос так, как его задают.")}
    )
    answer = _text(_("Ответ"), _("Напишите ответ."), rows=10)
    place = forms.IntegerField(
        label=_("Место в группе"),
        min_value=0,
        max_value=9999,
        initial=0,
        help_text=_("Меньшее число — выше."),
        error_messages={"invalid": _("Введите число.")},
    )

    def value(self) -> EntryText:
        given = self.cleaned_data
        return EntryText(given["group"], given["question"], given["answer"], given["place"])

    @staticmethod
    def initial_of(entry: HelpEntry) -> dict[str, Any]:
        return {"group": entry.group.name, "question": entry.question, "answer": entry.answer, "place": entry.place}


class DayForm(forms.Form):
    """A day that differs from the federal calendar."""

    day = _day(_("День"), is_required=True)
    is_working = forms.ChoiceField(
        label=_("Какой это день"),
        choices=[("no", _("Выходной")), ("yes", _("Рабочий"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Выберите, какой это день.")},
    )
    note = forms.CharField(label=_("Пояснение"), required=False, max_length=160)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if day < self.today:
            raise ValidationError(_("Этот день уже прошёл: сроки по нему не пересчитываются."))
        return day


class PolicyForm(forms.Form):
    """The whole policy as JSON, checked before it is set, and the day on which it begins."""

    body = forms.CharField(
        label=_("Правила (JSON)"),
        max_length=LONGEST_POLICY,
        widget=forms.Textarea({"rows": 24, "spellcheck": "false", "class": "code-text"}),
        error_messages={"required": _("Введите правила целиком.")},
    )
    starts_on = _day(_("Действует с"))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["starts_on"].help_text = _(
            "Пусто — сразу. Выбранный день начинается в полночь по времени поставщика."
        )

    def clean_starts_on(self) -> date | None:
        day: date | None = self.cleaned_data["starts_on"]
        if day and day <= self.today:
            raise ValidationError(_("Выберите день не раньше завтрашнего или оставьте поле пустым."))
        return day

    def starts_at(self, *, now: datetime, zone: ZoneInfo) -> datetime:
        day: date | None = self.cleaned_data["starts_on"]
        return datetime.combine(day, time(), zone).astimezone(UTC) if day else now


class AuditFilter(forms.Form):
    """Which part of the audit."""

    act = forms.ChoiceField(label=_("Действие"), required=False)
    specialist = forms.ChoiceField(label=_("Специалист"), required=False)
    number = forms.CharField(label=_("Номер договора"), required=False, max_length=40)
    since = _day(_("С"))
    until = _day(_("По"))
    # From the card of a person: an id, for an address does not belong into the address of a page.
    person = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        provider_id: UUID,
        acts: list[tuple[str, str]],
        names: dict[UUID, str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.provider_id = provider_id
        for name, options in (("act", acts), ("specialist", [(str(pk), word) for pk, word in names.items()])):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - tells the checker what we made above
            field.choices = [("", _("Любой") if name == "specialist" else _("Любое")), *options]

    def clean_number(self) -> UUID | None:
        number: str = self.cleaned_data["number"]
        if not number:
            return None
        contract = contract_numbered(self.provider_id, number_key(number))
        if contract is None:
            raise ValidationError(_("Договора с таким номером нет."))
        return contract.pk

    def query(self, zone: ZoneInfo) -> AuditQuery:
        """Return what to look for; a wrong field counts as not filled, and its error is shown beside it."""
        self.full_clean()
        given = self.cleaned_data if self.is_bound else {}
        specialist = given.get("specialist")
        return AuditQuery(
            act=given.get("act") or "",
            person=given.get("person") or (UUID(specialist) if specialist else None),
            contract=given.get("number"),
            since=_midnight(given.get("since"), zone),
            until=_midnight(given["until"] + timedelta(days=1), zone) if given.get("until") else None,
        )


def _midnight(day: date | None, zone: ZoneInfo) -> datetime | None:
    return datetime.combine(day, time(), zone) if day else None
