"""Arithmetic that loses nothing, and the one way of rounding."""

from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from fractions import Fraction

# Python's default of 28 digits rounds the product of a quantity (16 digits) and a long ratio in silence.
EXACT = Context(prec=100)


def half_up(value: Decimal, *, places: int) -> Decimal:
    """Round half away from zero to so many decimal places; never return a negative zero."""
    with localcontext(EXACT):
        rounded = value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
        return abs(rounded) if rounded.is_zero() else rounded


def whole_part(value: Decimal) -> Decimal:
    """Drop the fraction without rounding."""
    with localcontext(EXACT):
        return Decimal(int(value))


def half_up_ratio(value: Fraction, *, places: int) -> Decimal:
    """Round half away from zero to so many places what may have no last digit, as a third has none."""
    scaled = abs(value) * 10**places
    rounded = Decimal((2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator))
    with localcontext(EXACT):
        return rounded.scaleb(-places) * (-1 if value < 0 and rounded else 1)
