"""Arithmetic that loses nothing, and the one way of rounding."""

from decimal import ROUND_HALF_UP, Context, Decimal, localcontext

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
