from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from kabinet.kernel.formats import (
    format_day,
    format_day_and_month,
    format_instant,
    format_money,
    format_month,
    format_number,
    format_time,
    format_time_first,
    format_zone,
)
from kabinet.kernel.periods import Month

IZHEVSK = ZoneInfo("Europe/Samara")
LATE = datetime(2026, 10, 8, 20, 5, tzinfo=UTC)
NBSP = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("language", "text"), [("ru", "8 октября 2026"), ("en", "8 October 2026"), ("de", "8 октября 2026")]
)
def test_day_is_written_with_its_month_in_words(language, text):
    assert format_day(date(2026, 10, 8), language) == text


def test_day_without_a_year():
    assert format_day_and_month(date(2026, 5, 1)) == "1 мая"


@pytest.mark.parametrize(("language", "text"), [("ru", "октябрь 2026"), ("en", "October 2026")])
def test_month_is_written_in_words(language, text):
    assert format_month(Month(2026, 10), language) == text


@pytest.mark.parametrize(
    ("value", "language", "text"),
    [
        ("12450.5", "ru", f"12{NBSP}450,5"),
        ("12450.5", "en", "12,450.5"),
        ("231.000", "ru", "231"),
        ("1E+6", "ru", f"1{NBSP}000{NBSP}000"),
        ("-0.25", "ru", "\N{MINUS SIGN}0,25"),
        ("0", "ru", "0"),
    ],
)
def test_number_is_written_for_reading(value, language, text):
    assert format_number(Decimal(value), language) == text


def test_number_is_rounded_half_up_to_the_places_asked_for():
    assert format_number(Decimal("0.35455"), places=4) == "0,3546"
    assert format_number(Decimal("-0.001"), places=2) == "0,00"


@pytest.mark.parametrize(
    ("amount", "language", "text"),
    [
        ("12450", "ru", f"12{NBSP}450,00{NBSP}₽"),
        ("0.005", "ru", f"0,01{NBSP}₽"),
        ("12450.5", "en", f"12,450.50{NBSP}₽"),
    ],
)
def test_money_has_kopecks_and_its_sign(amount, language, text):
    assert format_money(Decimal(amount), language) == text


def test_instant_is_shown_in_local_time():
    assert format_instant(LATE, IZHEVSK) == "9 октября 2026, 00:05"
    assert format_time(LATE, IZHEVSK) == "00:05"
    assert format_time_first(LATE, IZHEVSK) == "00:05, 9 октября 2026"


@pytest.mark.parametrize(
    ("zone", "language", "text"),
    [
        ("Europe/Moscow", "ru", "МСК"),
        ("Europe/Samara", "ru", "МСК+1"),
        ("Europe/Kaliningrad", "en", "MSK-1"),
        ("Asia/Kolkata", "ru", "МСК+2:30"),
        ("America/St_Johns", "ru", "МСК-5:30"),
    ],
)
def test_zone_is_told_from_moscow(zone, language, text):
    assert format_zone(LATE, ZoneInfo(zone), language) == text


def test_instant_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="zone"):
        format_instant(LATE.replace(tzinfo=None), IZHEVSK)
