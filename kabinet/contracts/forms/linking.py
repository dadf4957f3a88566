"""«Заявка на подключение» (CON-01) and «Добавить роль» (ROLE-04)."""

from enum import StrEnum
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kabinet.accounts.forms.fields import AddressField
from kabinet.contracts.rules.numbers import number_key
from kabinet.contracts.rules.roles import end_of
from kabinet.contracts.values import Grant, GrantProblem, LinkByInn, LinkProblem, Role
from kabinet.kernel.identifiers.checked import Fault
from kabinet.kernel.identifiers.inn import check_inn

LINK_WORDS = {
    LinkProblem.NOT_FOUND: _(
        "Договор с таким ИНН и номером не найден, либо данные не совпадают. Проверьте обе строки по договору или "
        "счёту. Если всё верно, позвоните поставщику: договор мог ещё не поступить в кабинет."
    ),
    LinkProblem.ALREADY_LINKED: _("Этот договор уже подключён к вашему кабинету."),
    LinkProblem.ALREADY_WAITING: _("Этот договор с этим адресом уже ждёт подтверждения: он стоит в списке договоров."),
    LinkProblem.EMAIL_UNCONFIRMED: _("Сначала подтвердите адрес электронной почты: код отправлен вам письмом."),
}
INN_WORDS = {
    Fault.CHECKSUM: _("Контрольные цифры ИНН не сходятся: в номере опечатка. Сверьте его с договором."),
    Fault.FORMAT: _("ИНН состоит только из цифр."),
    Fault.LENGTH: _("В ИНН 10 цифр у организации и 12 у предпринимателя. Проверьте, не пропущена ли цифра."),
    Fault.ZEROS: _("ИНН не может состоять из одних нулей."),
}


class LinkForm(forms.Form):
    """The pair that names a contract; the label of the number carries the provider's name."""

    inn = forms.CharField(
        label=_("ИНН компании"),
        max_length=40,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("10 цифр у организации, 12 у предпринимателя"),
    )
    number = forms.CharField(max_length=40, widget=forms.TextInput({"autocomplete": "off"}))

    def __init__(self, *args: object, provider_name: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["number"].label = _("Номер договора с %(provider)s") % {"provider": provider_name}

    def clean_inn(self) -> str:
        checked = check_inn(self.cleaned_data["inn"])
        if not checked.valid:
            raise ValidationError(INN_WORDS[checked.reason or Fault.FORMAT])
        return str(checked.normalized)

    def clean_number(self) -> str:
        number: str = self.cleaned_data["number"]
        if not number_key(number):
            raise ValidationError(_("Введите номер так, как он напечатан в договоре."))
        return number

    def value(self) -> LinkByInn:
        return LinkByInn(inn=self.cleaned_data["inn"], number_key=number_key(self.cleaned_data["number"]))

    def add_problem(self, problem: LinkProblem) -> None:
        self.add_error(None, LINK_WORDS[problem])


ROLE_WORDS = {
    Role.ADMINISTRATOR: _("Администратор"),
    Role.MANAGER: _("Руководитель"),
    Role.ENERGY_ENGINEER: _("Энергетик"),
    Role.ACCOUNTANT: _("Бухгалтер"),
}
# «Администратор» is given by the office alone (ROLE-04).
GIVEN_ROLES = (Role.MANAGER, Role.ENERGY_ENGINEER, Role.ACCOUNTANT)
GRANT_WORDS = {
    GrantProblem.STAFF_ONLY: ("role", _("Роль «Администратор» назначает только поставщик.")),
    GrantProblem.OWN_ROLE: ("email", _("Это ваш адрес. Свою роль изменить нельзя: введите адрес другого человека.")),
    GrantProblem.NO_POINTS: ("scope", _("Отметьте хотя бы один энергообъект или выберите «Все».")),
    GrantProblem.FOREIGN_POINT: (
        "scope",
        _("Среди отмеченных есть энергообъект, которого нет в этом договоре. Отметьте энергообъекты ещё раз."),
    ),
    GrantProblem.PAST_END: ("until", _("Этот день уже прошёл. Укажите сегодняшний или более поздний.")),
    GrantProblem.CHANGED: (
        None,
        _("Роль этого человека изменилась, пока страница была открыта. Проверьте и назначьте ещё раз."),
    ),
}


class Scope(StrEnum):
    """Whether a role is for all supply points of the contract."""

    ALL = "all"
    SOME = "some"


class GrantForm(forms.Form):
    """«Добавить роль»: who, as what, where, until when (ROLE-04); the supply points are picked beside it."""

    role = forms.ChoiceField(
        label=_("Роль"),
        choices=[("", _("Выберите роль")), *((role.value, ROLE_WORDS[role]) for role in GIVEN_ROLES)],
        error_messages={"required": _("Выберите роль.")},
    )
    email = AddressField(
        label="E-mail",
        autocomplete="off",
        help_text=_("На этот адрес уйдёт письмо. Если человека ещё нет в кабинете, в письме будет пароль для входа."),
    )
    until = forms.DateField(
        label=_("Действует по (включительно)"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Без даты роль действует, пока вы её не заберёте."),
        error_messages={"invalid": _("Введите дату, например 31.12.2026.")},
    )
    scope = forms.ChoiceField(
        label=_("Энергообъекты"),
        choices=[(Scope.ALL.value, _("Все")), (Scope.SOME.value, _("Только отмеченные"))],
        widget=forms.RadioSelect,
        help_text=_("Ограничивает только показания: документы и оплата относятся ко всему договору."),
        error_messages={"required": _("Выберите, какие энергообъекты открыть: все или только отмеченные.")},
    )

    def __init__(
        self, *args: Any, picked: frozenset[UUID], zone: ZoneInfo, is_for_holder: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.picked = picked
        self.zone = zone
        if is_for_holder:
            # Another role is for the same person, whatever his address is by now.
            del self.fields["email"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("scope") == Scope.ALL and self.picked:
            self.add_error("scope", _("Вы отметили энергообъекты, но выбрали «Все». Оставьте одно из двух."))
        return cleaned

    def value(self, *, replaces: UUID | None) -> Grant:
        given = self.cleaned_data
        return Grant(
            email=given.get("email", ""),
            role=Role(given["role"]),
            points=None if given["scope"] == Scope.ALL else self.picked,
            expires_at=end_of(given["until"], self.zone) if given["until"] else None,
            replaces=replaces,
        )

    def add_problem(self, problem: GrantProblem) -> None:
        field, words = GRANT_WORDS[problem]
        self.add_error(field, words)
