"""Filters that print days, numbers and sums in the page's language. Hot pages take finished strings instead."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django import template
from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import SafeString

from kabinet.kernel import formats
from kabinet.kernel.periods import Month
from kabinet.kernel.phones import shown_phone

register = template.Library()


@register.filter
def day(value: date | None) -> str:
    """Print «8 октября 2026»."""
    return formats.format_day(value, _language()) if value else ""


@register.filter
def month(value: Month | date | None) -> str:
    """Print «октябрь 2026»."""
    return formats.format_month(value, _language()) if value else ""


@register.filter
def number(value: Decimal | int | None) -> str:
    """Print «12 450,5»."""
    return "" if value is None else formats.format_number(value, _language())


@register.filter
def plain(value: Decimal) -> str:
    """Write «12450.5» for programs: `<data value>`."""
    return format(value.normalize(), "f")


@register.filter
def money(value: Decimal | None) -> str:
    """Print «12 450,00 ₽»."""
    return "" if value is None else formats.format_money(value, _language())


@register.filter
def instant(value: datetime | None, zone: ZoneInfo) -> str:
    """Print «8 октября 2026, 14:05» in the given zone."""
    return formats.format_instant(value, zone, _language()) if value else ""


@register.filter
def time_first(value: datetime | None, zone: ZoneInfo) -> str:
    """Print «14:05, 8 октября 2026» in the given zone."""
    return formats.format_time_first(value, zone, _language()) if value else ""


@register.filter
def breaking(address: str) -> SafeString:
    """Let an address of e-mail break before its @, and nowhere else."""
    name, at, host = address.rpartition("@")
    return format_html("{}<wbr>{}{}", name, at, host) if at else format_html("{}", address)


@register.filter
def phone(value: str) -> str:
    """Print a stored number as «+7 3412 25-92-59»."""
    return shown_phone(value)


def _language() -> str:
    return translation.get_language() or formats.RUSSIAN
