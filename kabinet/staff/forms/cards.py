"""Why a card is opened, what is looked for, how a person is helped back in."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from kabinet.accounts.forms.fields import PageForm
from kabinet.accounts.values import RecoveryProblem
from kabinet.staff.rules.reasons import normal_reference, reference_problem
from kabinet.staff.selectors.search import SHORTEST
from kabinet.staff.values import Because, Reason, ReferenceProblem
from kabinet.tickets.forms import OptionalAddressField

REASON_WORDS: Final = {
    Reason.TICKET: _("Обращение"),
    Reason.CALL: _("Звонок"),
    Reason.LETTER: _("Письмо"),
    Reason.VISIT: _("Приём в офисе"),
    Reason.RECONCILIATION: _("Сверка с биллингом"),
    Reason.ORDER: _("Поручение"),
}
REFERENCE_WORDS: Final = {
    ReferenceProblem.MISSING: _("Для этой причины нужен номер: обращения, письма или поручения."),
    ReferenceProblem.NOT_A_NUMBER: _("Только номер, до 40 знаков: буквы, цифры, «-», «/», «.». Имена сюда не пишут."),
}
RECOVERY_WORDS: Final = {
    RecoveryProblem.NOT_HERE: _(
        "Вход этого человека отсюда восстановить нельзя. Обратитесь к тому, кто обслуживает портал."
    ),
    RecoveryProblem.ADDRESS_TAKEN: _("Этот адрес занят другим пользователем. Уточните адрес у человека."),
    RecoveryProblem.SAME_ADDRESS: _("Этот адрес уже записан. Чтобы отправить код на него, оставьте поле пустым."),
    RecoveryProblem.NO_ADDRESS: _("У человека нет адреса почты: запишите его, и код уйдёт туда."),
}


class BecauseForm(PageForm):
    """A reason of the list with the number of what asks for it: both go into the audit."""

    reason = forms.ChoiceField(
        label=_("Причина"),
        choices=[("", _("Выберите причину")), *((code.value, word) for code, word in REASON_WORDS.items())],
        error_messages={"required": _("Выберите причину: она останется в журнале.")},
    )
    reference = forms.CharField(
        label=_("Номер документа"),
        required=False,
        max_length=60,
        help_text=_("Обращения, письма или поручения. Имена и адреса в журнал не пишут."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        cleaned["reference"] = normal_reference(cleaned.get("reference", ""))
        if cleaned.get("reason"):
            problem = reference_problem(Reason(cleaned["reason"]), cleaned["reference"])
            if problem:
                self.add_error("reference", REFERENCE_WORDS[problem])
        return cleaned

    def because(self) -> Because:
        return Because(Reason(self.cleaned_data["reason"]), self.cleaned_data["reference"])


class SearchForm(forms.Form):
    """One field for all that a caller can name."""

    phrase = forms.CharField(
        label=_("Что ищем"),
        min_length=SHORTEST,
        max_length=120,
        help_text=_("Номер договора, ИНН, номер прибора, название контрагента, фамилия или адрес почты целиком"),
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
        error_messages={
            "required": _("Введите, что ищем."),
            "min_length": _("Введите хотя бы два знака."),
        },
    )


class RecoveryForm(PageForm):
    """The new address, where the one that stands is the person's no more, and the word that it was checked who asks."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=80)
    email = OptionalAddressField(
        label=_("Новый адрес почты"),
        required=False,
        autocomplete="off",
        help_text=_("Оставьте пустым, если прежний адрес верен и доступен: код уйдёт на него."),
    )
    is_checked = forms.BooleanField(
        label=_("Я убедился, что обращается сам этот человек"),
        error_messages={"required": _("Без проверки восстанавливать вход нельзя.")},
    )

    def add_problem(self, problem: RecoveryProblem) -> None:
        is_of_field = problem in {RecoveryProblem.ADDRESS_TAKEN, RecoveryProblem.SAME_ADDRESS}
        self.add_error("email" if is_of_field else None, RECOVERY_WORDS[problem])
