"""What a meter ran between two readings: exact, the ratio last."""

from collections.abc import Sequence
from decimal import Decimal, localcontext

from kabinet.kernel.exact import EXACT, half_up
from kabinet.readings.values import Consumption, Losses, MeterConsumption, MeterSide, Stretch

# Directions of energy are counted apart: their sum means nothing.
_DIRECTIONS = frozenset({"A+", "A-", "R+", "R-"})


def register_consumption(
    stretch: Stretch, *, integer_digits: int | None = None, rollover_confirmed: bool = False
) -> Consumption:
    """Return what a register ran; below the previous reading it is negative unless a roll-over is confirmed."""
    with localcontext(EXACT):
        difference = stretch.current - stretch.previous
        rolled_over = rollover_confirmed and difference < 0
        if rolled_over:
            difference += _capacity(integer_digits)
        return Consumption(difference, difference * stretch.ratio, rolled_over)


def meter_consumption(registers: Sequence[tuple[str, Consumption]]) -> MeterConsumption:
    """Put the registers of a meter together; zones add up, directions of energy do not."""
    by_register = tuple((name, run.consumption) for name, run in registers)
    has_no_total = len(by_register) > 1 and any(name in _DIRECTIONS for name, _ in by_register)
    with localcontext(EXACT):
        total = sum((amount for _, amount in by_register), Decimal(0))
    return MeterConsumption(by_register, None if has_no_total else total)


def replacement_consumption(old: Stretch, new: Stretch) -> Decimal:
    """Add what the old meter ran to its end and what the new one ran from its start, each by its own ratio."""
    with localcontext(EXACT):
        return register_consumption(old).consumption + register_consumption(new).consumption


def with_gap(measured: Decimal, *, days_without_meter: int, average_daily: Decimal) -> Decimal:
    """Add the days without a meter by the average, to three decimals (an assumption: no source gives the rule)."""
    with localcontext(EXACT):
        return half_up(measured + days_without_meter * average_daily, places=3)


def with_losses(metered: Decimal, *, percent: Decimal, side: MeterSide) -> Losses:
    """Correct for losses up to the balance boundary, in whole units (the rounding is an assumption)."""
    with localcontext(EXACT):
        losses = half_up(metered * percent / 100, places=0)
        return Losses(losses, metered + losses if side is MeterSide.CONSUMER else metered - losses)


def _capacity(integer_digits: int | None) -> Decimal:
    if integer_digits is None:
        raise ValueError("a roll-over asks for the number of digits")
    return Decimal(10**integer_digits)
