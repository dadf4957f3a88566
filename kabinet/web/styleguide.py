"""Made-up facts for the page that shows every component (`/ui/`). Nothing here is anybody's."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.paginator import Paginator

from kabinet.web.components import Dial, DialDrawing
from kabinet.web.shell import Bar, Footer, MenuItem, Person, Tone

STATES = ("empty", "draft", "sent", "passed", "taken", "refused", "superseded")


class SampleForm(forms.Form):
    """One field of each kind."""

    inn = forms.CharField(label="ИНН компании", help_text="10 цифр у организации, 12 у предпринимателя")
    number = forms.CharField(label="Номер договора с МУП «Водоканал»")
    comment = forms.CharField(label="Сообщение", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    password = forms.CharField(label="Пароль", widget=forms.PasswordInput)
    code = forms.CharField(label="Код из письма", widget=forms.TextInput(attrs={"class": "code-input"}))
    branch = forms.ChoiceField(label="Отделение", choices=[("1", "Северное"), ("2", "Южное")])
    kind = forms.ChoiceField(
        label="Кто вы", choices=[("legal", "Юридическое лицо"), ("person", "Физическое лицо")], widget=forms.RadioSelect
    )
    agreed = forms.BooleanField(label="Я принимаю пользовательское соглашение")


def examples() -> dict[str, Any]:
    """Return the context of the style guide."""
    return {
        "menu": _menu(),
        "person_name": "Анна Белова",
        "person": Person(note="ООО «Северный дом»", links=_links(), sign_out_url="#"),
        "bars": [Bar("Подтвердите адрес электронной почты.", tone=Tone.WARNING, url="#", action="Перейти в профиль")],
        "footer": Footer(manual_url="#", agreement_url="#", feedback_url="#"),
        "empty_form": SampleForm(prefix="new"),
        "form": SampleForm({"inn": "1831000", "kind": "legal"}),
        "dials": _dials(),
        "drawing": DialDrawing(),
        "states": STATES,
        "facts": [("Номер договора", "15303"), ("ИНН компании", "1831012340"), ("Действует с", "8 октября 2026")],
        "rows": _rows(),
        "page": Paginator(range(95), 24).page(2),
        "debt": Decimal(12450),
    }


def _menu() -> list[MenuItem]:
    return [
        MenuItem("#", "Что сделать сейчас", active=True, icon="home"),
        MenuItem("#", "Передача показаний ХВС", icon="meter", counter=3),
        MenuItem("#", "Передача объемов по стокам ГВС", icon="drop"),
        MenuItem("#", "Архив показаний", icon="archive"),
        MenuItem("#", "Мои договора", icon="document"),
        MenuItem("#", "Заявка на подключение", icon="link"),
    ]


def _links() -> tuple[MenuItem, ...]:
    return (MenuItem("#", "Профиль", icon="user"), MenuItem("#", "Уведомления", icon="bell", counter=2))


def _dials() -> list[tuple[str, str, Dial]]:
    usual = Dial(
        name="usual",
        label="Текущее показание прибора учёта",
        whole=5,
        fraction=3,
        unit="м³",
        rule="Введите чёрные цифры. Окно открыто до 8 октября включительно, обычный расход 20–60 м³.",
        previous="00231",
        previous_source="4 сентября 2026 · принято",
        previous_value="231",
        usual="60",
        limit="500",
        is_label_shown=True,
    )
    typed = Dial(
        name="typed",
        label="Текущее показание прибора учёта № 49589",
        whole=5,
        fraction=3,
        value="268",
        unit="м³",
        previous="00233",
        previous_source="4 сентября 2026 · принято",
        previous_value="233",
        consumption="Расход: 35 м³",
    )
    wrong = Dial(
        name="wrong",
        label="Текущее показание прибора учёта № 7001",
        whole=5,
        fraction=3,
        value="46801",
        unit="м³",
        previous="04580",
        previous_source="5 сентября 2026 · передано вами",
        previous_value="4580",
        errors=("Расход получается 42 221 м³. Если последняя цифра красная, введите 4680.",),
    )
    wide = Dial(
        name="wide",
        label="Текущее показание, день",
        whole=8,
        fraction=0,
        value="",
        unit="кВт·ч",
        previous="00120450",
        previous_source="30 сентября 2026 · контролёр",
        previous_value="120450",
        is_disabled=True,
    )
    return [
        ("№ 300963", "г. Ижевск, ул. Ленина, дом 114", usual),
        ("№ 49589", "г. Ижевск, ул. Советская, дом 8", typed),
        ("№ 7001", "г. Ижевск, ул. Пушкинская, дом 270", wrong),
        ("№ 00881245", "г. Ижевск, ул. Удмуртская, дом 304", wide),
    ]


def _rows() -> list[dict[str, str]]:
    address = "г. Ижевск, ул. Ленина, дом 114"
    return [
        {"number": "300963", "address": address, "value": "00 264", "on": "8 октября 2026", "state": "sent"},
        {"number": "49589", "address": address, "value": "00 300", "on": "6 октября 2026", "state": "taken"},
        {"number": "7001", "address": address, "value": "46 801", "on": "6 октября 2026", "state": "refused"},
        {"number": "49589", "address": address, "value": "00 233", "on": "4 сентября 2026", "state": "superseded"},
    ]
