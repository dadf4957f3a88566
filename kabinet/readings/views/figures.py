"""Readings in figures, as pages of the business portal write them."""

from decimal import Decimal

from kabinet.kernel.formats import RUSSIAN


def plain(value: Decimal, language: str) -> str:
    """Write a reading without idle zeros behind the comma, and without spaces: as one would type it."""
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.replace(".", ",") if language == RUSSIAN else text
