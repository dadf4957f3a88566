from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kabinet.kernel.exact import half_up, whole_part
from kabinet.kernel.money import to_kopecks

AMOUNTS = st.decimals(min_value="-1e18", max_value="1e18", places=6)


@pytest.mark.parametrize(
    ("amount", "rounded"),
    [("73.6533", "73.65"), ("0.005", "0.01"), ("2.675", "2.68"), ("-0.005", "-0.01"), ("10", "10.00")],
)
def test_half_a_kopeck_goes_up(amount, rounded):
    assert to_kopecks(Decimal(amount)) == Decimal(rounded)


def test_no_negative_zero_is_printed():
    assert str(to_kopecks(Decimal("-0.001"))) == "0.00"


def test_long_sums_keep_their_digits():
    long = Decimal("123456789012345678901234567890.125")

    assert to_kopecks(long) == Decimal("123456789012345678901234567890.13")


@given(AMOUNTS)
def test_rounding_moves_by_half_a_kopeck_at_most(amount):
    assert abs(to_kopecks(amount) - amount) <= Decimal("0.005")


@given(AMOUNTS, st.integers(0, 5))
def test_rounding_twice_is_rounding_once(amount, places):
    once = half_up(amount, places=places)

    assert half_up(once, places=places) == once


@given(AMOUNTS)
def test_whole_part_never_grows(amount):
    assert 0 <= abs(amount) - abs(whole_part(amount)) < 1
