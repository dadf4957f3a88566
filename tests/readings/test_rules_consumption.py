from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kabinet.kernel.exact import EXACT
from kabinet.readings.rules.consumption import (
    meter_consumption,
    register_consumption,
    replacement_consumption,
    with_gap,
    with_losses,
)
from kabinet.readings.values import MeterSide, Stretch

READINGS = st.decimals(min_value=0, max_value="99999.9999", places=4)
RATIOS = st.integers(1, 100000).map(Decimal)


def stretch(previous, current, ratio="1"):
    return Stretch(Decimal(previous), Decimal(current), Decimal(ratio))


@given(READINGS, READINGS, RATIOS)
def test_ratio_comes_last_and_nothing_is_rounded(previous, current, ratio):
    run = register_consumption(Stretch(previous, current, ratio))

    assert run.consumption == int(run.difference * 10000) * int(ratio) * Decimal("0.0001")
    assert run.difference == current - previous


@given(READINGS, READINGS)
def test_confirmed_rollover_leads_from_one_reading_to_the_other(previous, current):
    run = register_consumption(Stretch(previous, current), integer_digits=5, rollover_confirmed=True)

    assert (previous + run.difference - current) % 100000 == 0
    assert 0 <= run.difference < 100000
    assert run.rolled_over is (current < previous)


def test_fall_without_a_confirmed_rollover_stays_negative():
    run = register_consumption(stretch("99987", "12"), integer_digits=5)

    assert (run.difference, run.rolled_over) == (Decimal(-99975), False)


def test_rollover_asks_for_the_digits_of_the_dial():
    with pytest.raises(ValueError, match="digits"):
        register_consumption(stretch("99987", "12"), rollover_confirmed=True)


def test_long_products_keep_their_digits():
    run = register_consumption(stretch("0.0001", "999999999999.9999", "1234567890123.4567"))

    assert int(run.consumption.scaleb(8, EXACT)) == 9999999999999998 * 12345678901234567


def test_zones_add_up_and_directions_do_not():
    zones = [(name, register_consumption(stretch("0", "10"))) for name in ("T1", "T2")]
    directions = [(name, register_consumption(stretch("0", "10"))) for name in ("A+", "R+")]

    assert meter_consumption(zones).total == 20
    assert meter_consumption(directions).total is None
    assert meter_consumption(directions[:1]).total == 10


def test_each_meter_counts_by_its_own_ratio():
    assert replacement_consumption(stretch("812.4", "830.9", "40"), stretch("0", "14.1", "60")) == 1586


def test_gap_is_rounded_half_up_to_three_decimals():
    assert with_gap(Decimal(0), days_without_meter=1, average_daily=Decimal("0.0005")) == Decimal("0.001")


@pytest.mark.parametrize(
    ("side", "metered", "losses", "billed"),
    [
        (MeterSide.CONSUMER, "12500", "296", "12796"),
        (MeterSide.SUPPLIER, "12500", "296", "12204"),
        (MeterSide.CONSUMER, "50", "1", "51"),
        (MeterSide.CONSUMER, "0", "0", "0"),
    ],
)
def test_losses_are_whole_and_go_to_the_right_side(side, metered, losses, billed):
    percent = Decimal(1) if metered == "50" else Decimal("2.37")

    found = with_losses(Decimal(metered), percent=percent, side=side)

    assert (found.losses, found.billed) == (Decimal(losses), Decimal(billed))
