"""Readings in figures, as pages of the business portal write them."""

from decimal import Decimal

from kabinet.kernel.formats import RUSSIAN


def plain(value: Decimal, language: str, *, decimals: int = 0) -> str:
    """Write a reading without spaces, as one would type it; behind the comma as many figures as the dial has.

    Idle zeros go; one figure more than the dial has stays.
    """
    exact = value.normalize()
    places = max(-int(exact.as_tuple().exponent), decimals, 0)
    text = f"{exact:.{places}f}"
    return text.replace(".", ",") if language == RUSSIAN else text
