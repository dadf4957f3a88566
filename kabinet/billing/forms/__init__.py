"""«Акты сверки»: contract, period, way of delivery (DOC-03)."""

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from kabinet.billing.values import ActProblem, ActWish, Delivery
from kabinet.contracts.models import Contract

PROBLEM_WORDS = {
    ActProblem.ENDS_BEFORE_START: ("until", _("Период кончается раньше, чем начинается. Поправьте одну из дат.")),
    ActProblem.STARTS_IN_FUTURE: ("since", _("Период начинается в будущем. Выберите прошедшую дату.")),
    ActProblem.ENDS_IN_FUTURE: ("until", _("Период кончается в будущем. Выберите дату не позже сегодняшней.")),
    ActProblem.TOO_LONG: ("until", _("Период длиннее трёх лет. Запросите его по частям.")),
    ActProblem.ALREADY_ASKED: (None, _("Акт за этот период по этому договору уже запрошен и готовится.")),
    ActProblem.EMAIL_UNCONFIRMED: (
        "delivery",
        _("Сначала подтвердите адрес электронной почты или выберите получение в кабинете."),
    ),
}
DELIVERY_WORDS = {Delivery.CABINET: _("в кабинете"), Delivery.EMAIL: _("по электронной почте")}


class ContractField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic for the checker alone
    """A choice of contracts, each named by its customer and number."""

    def label_from_instance(self, obj: Contract) -> str:
        return f"{obj.customer_name}, № {obj.number}"


class ActForm(forms.Form):
    """The picker holds only the contracts whose acts the person may ask for (ROLE-05)."""

    contract = ContractField(
        Contract.objects.none(), label=_("Договор"), empty_label=_("Выбрать договор"),
        error_messages={"invalid_choice": _("Выберите договор из списка.")},
    )  # fmt: skip
    since = forms.DateField(label=_("Период с"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    until = forms.DateField(label=_("по"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    delivery = forms.ChoiceField(
        label=_("Способ получения"), widget=forms.RadioSelect, choices=list(DELIVERY_WORDS.items()),
        initial=Delivery.CABINET,
    )  # fmt: skip

    def __init__(self, *args: object, contracts: QuerySet[Contract], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["contract"]
        field.queryset = contracts  # type: ignore[attr-defined]
        only = list(contracts[:2])
        if len(only) == 1:
            field.initial = only[0].pk

    def value(self) -> ActWish:
        facts = self.cleaned_data
        return ActWish(since=facts["since"], until=facts["until"], delivery=Delivery(facts["delivery"]))

    def add_problem(self, problem: ActProblem) -> None:
        field, words = PROBLEM_WORDS[problem]
        self.add_error(field, words)
