"""«Обратная связь» (SITE-03, REQ-03): a form for anybody, with protection from robots that asks nothing of people."""

import secrets
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Final, cast

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kabinet.accounts.forms.fields import AddressField, PageForm
from kabinet.contracts.models import Contract
from kabinet.kernel.phones import parse_phone
from kabinet.tickets.forms.files import FilesField, refused_file
from kabinet.tickets.rules.stamps import stamp_problem
from kabinet.tickets.values import Contact, Question, StampProblem

LONGEST_TEXT: Final = 4000
TRAP: Final = "homepage"
_SALT: Final = "tickets.feedback"
_STAMP_WORDS: Final = {
    StampProblem.FOREIGN: _("Страница устарела. Введённое сохранилось: нажмите «Отправить» ещё раз."),
    StampProblem.TOO_OLD: _("Страница была открыта очень долго. Введённое сохранилось: нажмите «Отправить» ещё раз."),
    StampProblem.TOO_QUICK: _("Форма отправлена слишком быстро. Проверьте введённое и нажмите «Отправить» ещё раз."),
}


class OptionalAddressField(AddressField):
    """An address that may be left out."""

    def clean(self, value: Any) -> str:
        return super().clean(value) if str(value or "").strip() else ""


def new_stamp(at: datetime) -> str:
    """Return what a page carries: when it was made, and the key under which its form is accepted once."""
    return signing.dumps({"key": secrets.token_urlsafe(16), "at": at.timestamp()}, salt=_SALT)


class ContactForm(PageForm):
    """How to reach the person: an address or a telephone has to be there."""

    name = forms.CharField(
        label=_("Ваше имя"), max_length=160, required=False, widget=forms.TextInput({"autocomplete": "name"})
    )
    email = OptionalAddressField(required=False, help_text=_("Сюда придут номер обращения и ответ"))
    phone = forms.CharField(
        label=_("Телефон"),
        max_length=60,
        required=False,
        widget=forms.TextInput({"autocomplete": "tel", "inputmode": "tel"}),
    )

    without_contact: Any = _("Оставьте адрес электронной почты или телефон: иначе ответ не дойдёт.")

    def clean_phone(self) -> str:
        typed = self.cleaned_data["phone"]
        if not typed:
            return ""
        phone = parse_phone(typed)
        if not phone.valid:
            raise ValidationError(_("Не похоже на телефон. Введите десять цифр с кодом: +7 3412 25-92-59."))
        return f"{phone.e164}#{phone.ext}" if phone.ext else str(phone.e164)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not {"email", "phone"} & set(self.errors) and not (cleaned.get("email") or cleaned.get("phone")):
            self.add_error("email", self.without_contact)
        return cleaned


class FeedbackForm(ContactForm):
    """The form; who is signed in chooses a contract and attaches files, anybody else types the number."""

    field_order = ("subject", "text", "contract", "contract_number", "attachments", "name", "email", "phone")

    subject = forms.CharField(
        label=_("Тема"),
        max_length=200,
        widget=forms.TextInput({"autocomplete": "off", "list": "topics"}),
        help_text=_("Выберите из подсказок или напишите своими словами"),
        error_messages={"required": _("Напишите в двух словах, о чём вопрос.")},
    )
    text = forms.CharField(
        label=_("Сообщение"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea({"rows": 6}),
        error_messages={"required": _("Напишите, в чём вопрос.")},
    )
    contract = forms.ChoiceField(label=_("Договор"), required=False)
    contract_number = forms.CharField(
        label=_("Номер договора"), max_length=40, required=False, widget=forms.TextInput({"autocomplete": "off"})
    )
    attachments = FilesField(_("Прикрепить файл"))

    def __init__(
        self, *args: Any, at: datetime, is_anonymous: bool, contracts: Iterable[Contract] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.at = at
        self.is_anonymous = is_anonymous
        self.stamp_problem: StampProblem | None = None
        self.stamp = new_stamp(at)
        self.key = ""
        self._offer(list(contracts))

    def _offer(self, contracts: Sequence[Contract]) -> None:
        """Keep the fields that this person can use."""
        if self.is_anonymous:
            del self.fields["attachments"]
        if not contracts:
            del self.fields["contract"]
            return
        del self.fields["contract_number"]
        choices = [(str(row.pk), f"{row.number}, {row.customer_name}") for row in contracts]
        cast("forms.ChoiceField", self.fields["contract"]).choices = [("", gettext("Не о договоре")), *choices]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self._check_sender()
        return cleaned

    def _check_sender(self) -> None:
        """Refuse robots aloud; where a field is wrong nothing goes anyway, and its words are enough."""
        problem = self._read_stamp()
        if self.errors:
            return
        if self.data.get(TRAP):
            self.add_error(None, _("Сообщение похоже на посланное роботом. Нажмите «Отправить» ещё раз."))
        elif problem:
            self.add_error(None, _STAMP_WORDS[problem])

    def _read_stamp(self) -> StampProblem | None:
        """Take the key from the stamp; a stamp that can still be used stays on the page."""
        stamp = self.data.get("stamp", "")
        try:
            read = signing.loads(stamp, salt=_SALT)
        except signing.BadSignature:
            return StampProblem.FOREIGN
        problem = stamp_problem(datetime.fromtimestamp(read["at"], UTC), at=self.at) if self.is_anonymous else None
        if problem is not StampProblem.TOO_OLD:
            self.stamp, self.key = stamp, read["key"]
        return problem

    def refuse_repeated(self, number: str) -> None:
        """Say that this page's form was taken before, with other words, and let these go as a new one."""
        self.status, self.stamp = HTTPStatus.CONFLICT, new_stamp(self.at)
        words = gettext("Обращение %(number)s с этой страницы уже принято. Чтобы отправить и это, нажмите ещё раз.")
        self.add_error(None, words % {"number": number})

    def refuse_file(self, name: str) -> None:
        self.add_error("attachments", refused_file(name))

    def value(self) -> Question:
        given = self.cleaned_data
        return Question(
            subject=given["subject"],
            text=given["text"],
            contact=Contact(name=given["name"], email=given["email"], phone=given["phone"]),
            contract_id=given.get("contract") or None,
            contract_number=given.get("contract_number", ""),
        )
