"""Days, months, numbers and sums as they are printed, in Russian or English; pages get them finished."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from kabinet.kernel.exact import half_up
from kabinet.kernel.money import to_kopecks
from kabinet.kernel.periods import Month

RUSSIAN = "ru"
_NO_BREAK = "\N{NO-BREAK SPACE}"
_MINUS = "\N{MINUS SIGN}"
_THOUSANDS = {RUSSIAN: _NO_BREAK, "en": ","}
_POINT = {RUSSIAN: ",", "en": "."}
_MOSCOW = timedelta(hours=3)
_MOSCOW_NAME = {RUSSIAN: "МСК", "en": "MSK"}

_MONTHS = {
    RUSSIAN: [
        "январь",
        "февраль",
        "март",
        "апрель",
        "май",
        "июнь",
        "июль",
        "август",
        "сентябрь",
        "октябрь",
        "ноябрь",
        "декабрь",
    ],
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
}
_MONTHS_OF_DAYS = {
    RUSSIAN: [
        "января",
        "февраля",
        "марта",
        "апреля",
        "мая",
        "июня",
        "июля",
        "августа",
        "сентября",
        "октября",
        "ноября",
        "декабря",
    ],
    "en": _MONTHS["en"],
}


def format_day(day: date, language: str = RUSSIAN) -> str:
    """Write «8 октября 2026»."""
    return f"{day.day} {_MONTHS_OF_DAYS[_known(language)][day.month - 1]} {day.year}"


def format_day_and_month(day: date, language: str = RUSSIAN) -> str:
    """Write «8 октября», where the year goes without saying."""
    return f"{day.day} {_MONTHS_OF_DAYS[_known(language)][day.month - 1]}"


def format_month(month: Month | date, language: str = RUSSIAN) -> str:
    """Write «октябрь 2026»."""
    return f"{_MONTHS[_known(language)][month.month - 1]} {month.year}"


def format_number(value: Decimal | int, language: str = RUSSIAN, *, places: int | None = None) -> str:
    """Write «12 450,5»: thousands apart; no idle zeros, or rounded half up to `places`."""
    number = Decimal(value) if places is None else half_up(Decimal(value), places=places)
    whole, _, fraction = format(abs(number), "f").partition(".")
    shown = fraction.rstrip("0") if places is None else fraction
    sign = _MINUS if number < 0 else ""
    known = _known(language)
    return sign + f"{int(whole):,}".replace(",", _THOUSANDS[known]) + (_POINT[known] + shown if shown else "")


def format_money(amount: Decimal, language: str = RUSSIAN) -> str:
    """Write «12 450,00 ₽»."""
    return f"{format_number(to_kopecks(amount), language, places=2)}{_NO_BREAK}₽"


def format_time(at: datetime, zone: ZoneInfo) -> str:
    """Write «14:05», in local time."""
    return f"{_local(at, zone):%H:%M}"


def format_instant(at: datetime, zone: ZoneInfo, language: str = RUSSIAN) -> str:
    """Write «8 октября 2026, 14:05», in local time."""
    local = _local(at, zone)
    return f"{format_day(local.date(), language)}, {local:%H:%M}"


def format_time_first(at: datetime, zone: ZoneInfo, language: str = RUSSIAN) -> str:
    """Write «14:05, 8 октября 2026», for sentences that tell the hour first."""
    local = _local(at, zone)
    return f"{local:%H:%M}, {format_day(local.date(), language)}"


def format_zone(at: datetime, zone: ZoneInfo, language: str = RUSSIAN) -> str:
    """Write «МСК+1»: how far the local time is from Moscow's, which people know better than UTC."""
    ahead = (_local(at, zone).utcoffset() or timedelta()) - _MOSCOW
    hours, minutes = divmod(abs(ahead) // timedelta(minutes=1), 60)
    name = _MOSCOW_NAME[_known(language)]
    if not ahead:
        return name
    return f"{name}{'-' if ahead < timedelta() else '+'}{hours}" + (f":{minutes:02d}" if minutes else "")


def _local(at: datetime, zone: ZoneInfo) -> datetime:
    if at.tzinfo is None:
        raise ValueError("an instant knows its zone")
    return at.astimezone(zone)


def _known(language: str) -> str:
    return language if language in _MONTHS else RUSSIAN
