"""«Калькулятор» and «ОДН»: what is typed, with words for what is wrong (CALC-01, CALC-02)."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kabinet.billing.selectors.calculators import Prefilled
from kabinet.contracts.values import HouseType, Settlement
from kabinet.kernel.formats import format_month
from kabinet.kernel.periods import Month
from kabinet.tariffs.values.calculators import ElectricityAsked
from kabinet.tariffs.values.tables import ZONES

MONTHS_BACK: Final = 36
MOST_PEOPLE: Final = 30
_READING: Final = re.compile(r"([0-9]{1,9})([.,][0-9]{0,6})?")
HOUSE_WORDS: Final = {
    HouseType.GAS_STOVE: _("с газовыми плитами"),
    HouseType.ELECTRIC_STOVE: _("с электроплитами"),
    HouseType.ELECTRIC_HEATING: _("с электрическим отоплением"),
}
SETTLEMENT_WORDS: Final = {Settlement.CITY: _("город"), Settlement.VILLAGE: _("село")}
METER_WORDS: Final = (
    ("1", _("1-тарифный")),
    ("2", _("2-тарифный")),
    ("3", _("3-тарифный")),
    ("0", _("счётчика нет: по нормативу")),
)
_METERS: Final = frozenset(number for number, _word in METER_WORDS)
# Places of readings on the form; a meter with fewer zones has the first of them.
PLACES: Final = ((1, _("День")), (2, _("Ночь")), (3, _("Полупик")))


class MonthChoice(forms.ChoiceField):
    """A month of a list, written as people write it."""

    def offer(self, months: Sequence[Month]) -> None:
        self.choices = [(str(month), month_word(month)) for month in months]

    def clean(self, value: Any) -> Any:
        return Month.parse(super().clean(value))


def month_word(month: Month) -> str:
    """Write «Май 2013», which begins a cell or a choice."""
    word = format_month(month, get_language() or "ru")
    return word[:1].upper() + word[1:]


def _reading(label: Any, *, is_asked: bool) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=is_asked,
        max_length=16,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": _("Введите показание.")},
    )


class CalculatorForm(forms.Form):
    """The house, who lives there, the meter and what it showed."""

    month = MonthChoice(label=_("Месяц"), error_messages={"invalid_choice": _("Выберите месяц из списка.")})
    house_type = forms.ChoiceField(
        label=_("Тип дома"),
        choices=list(HOUSE_WORDS.items()),
        error_messages={"required": _("Выберите тип дома."), "invalid_choice": _("Выберите тип дома из списка.")},
    )
    settlement = forms.ChoiceField(label=_("Где дом"), choices=list(SETTLEMENT_WORDS.items()))
    people = forms.IntegerField(
        label=_("Зарегистрировано граждан"),
        min_value=1,
        max_value=MOST_PEOPLE,
        widget=forms.NumberInput({"inputmode": "numeric"}),
        error_messages={
            "required": _("Введите, сколько граждан зарегистрировано."),
            "invalid": _("Введите число граждан цифрами."),
            "min_value": _("Введите число от 1 до 30."),
            "max_value": _("Введите число от 1 до 30."),
        },
    )
    meter = forms.ChoiceField(
        label=_("Прибор учёта"),
        choices=METER_WORDS,
        widget=forms.RadioSelect,
        error_messages={"required": _("Выберите тип прибора учёта.")},
    )
    rooms = forms.IntegerField(
        label=_("Комнат в квартире"),
        required=False,
        min_value=1,
        max_value=20,
        widget=forms.NumberInput({"inputmode": "numeric"}),
        error_messages={"invalid": _("Введите число комнат цифрами.")},
    )

    def __init__(
        self,
        data: Any = None,
        *,
        today: date,
        known: Prefilled | None = None,
        typed: Mapping[str, str] | None = None,
    ) -> None:
        """Fill the fields from the account; `typed` stands above it, and is not judged."""
        super().__init__(data, initial=_initial(known, month=Month.of(today)) | dict(typed or {}))
        meter = str(self["meter"].value())
        for place, word in PLACES:
            is_asked = meter in _METERS and place <= int(meter)
            self.fields[f"previous_{place}"] = _reading(_("%(zone)s: предыдущее") % {"zone": word}, is_asked=is_asked)
            self.fields[f"current_{place}"] = _reading(_("%(zone)s: текущее") % {"zone": word}, is_asked=is_asked)
        month = self.fields["month"]
        assert isinstance(month, MonthChoice)  # noqa: S101 - tells the checker what stands above
        month.offer([Month.of(today).plus(-back) for back in range(MONTHS_BACK)])

    @property
    def pairs(self) -> list[tuple[int, forms.BoundField, forms.BoundField]]:
        """Return the fields of readings, a zone a row."""
        return [(place, self[f"previous_{place}"], self[f"current_{place}"]) for place, _word in PLACES]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for place in range(1, int(cleaned.get("meter") or 0) + 1):
            self._check_pair(place)
        return cleaned

    def _check_pair(self, place: int) -> None:
        values = [self._number(f"{name}_{place}") for name in ("previous", "current")]
        previous, current = values
        if previous is not None and current is not None and current < previous:
            words = _(
                "Текущее показание меньше предыдущего. Проверьте числа; если счётчик перешёл через ноль, допишите"
                " перед текущим единицу: 100012 вместо 00012."
            )
            self.add_error(f"current_{place}", words)
        self.cleaned_data[f"ran_{place}"] = None if None in values else current - previous  # type: ignore[operator]

    def _number(self, name: str) -> Decimal | None:
        """Read whole kWh; what stands after the point is not asked for, and is dropped."""
        typed = "".join(self.cleaned_data.get(name, "").split())
        if not typed:
            return None
        written = _READING.fullmatch(typed)
        if written is None:
            self.add_error(name, _("Введите показание цифрами, без букв и знаков."))
            return None
        return Decimal(written[1])

    def value(self) -> ElectricityAsked:
        given = self.cleaned_data
        zones = ZONES.get(int(given["meter"]), ())
        ran = tuple((zone, given[f"ran_{place}"]) for place, zone in enumerate(zones, start=1))
        return ElectricityAsked(
            month=given["month"],
            house_type=HouseType(given["house_type"]),
            settlement=Settlement(given["settlement"]),
            people=given["people"],
            rooms=given["rooms"],
            ran=ran,
        )


def _initial(known: Prefilled | None, *, month: Month) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "month": str(month), "meter": "1", "house_type": HouseType.GAS_STOVE, "settlement": Settlement.CITY
    }  # fmt: skip
    if known is None or known.contract.house is None:
        return facts
    house = known.contract.house
    facts |= {"house_type": house.house_type, "settlement": house.settlement, "people": known.people}
    facts |= {"rooms": known.contract.rooms, "meter": str(known.zones)}
    for place, (previous, current) in enumerate(known.readings, start=1):
        facts |= {f"previous_{place}": previous, f"current_{place}": current}
    return facts


class CommonNeedsForm(forms.Form):
    """The month of a bill, and whether a meter of the whole house stands there."""

    month = MonthChoice(
        label=_("Месяц, год извещения-квитанции"),
        error_messages={"invalid_choice": _("Выберите месяц из списка."), "required": _("Выберите месяц.")},
    )
    house_meter = forms.ChoiceField(
        label=_("Коллективный прибор учета"),
        choices=[
            ("yes", _("Коллективный прибор учета установлен")),
            ("no", _("Коллективный прибор учета не установлен")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Выберите, установлен ли прибор.")},
    )

    def __init__(self, data: Any = None, *, months: Sequence[Month], has_house_meter: bool = False) -> None:
        initial = {"month": str(months[0]) if months else "", "house_meter": "yes" if has_house_meter else "no"}
        super().__init__(data, initial=initial)
        month = self.fields["month"]
        assert isinstance(month, MonthChoice)  # noqa: S101 - tells the checker what stands above
        month.offer(months)
