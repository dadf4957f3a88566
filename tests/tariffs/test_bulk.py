"""Mass charging in whole numbers: not a kopeck beside the rules over Decimals."""

from decimal import Decimal

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kabinet.tariffs.rules.bulk import MOST_QUANTITY, PRICE_SCALE, QUANTITY_SCALE, TooMuch, metered
from kabinet.tariffs.rules.electricity import metered_electricity

SCHEMA = {
    "account": pl.Int64, "zone": pl.String, "quantity": pl.Int64, "price_1": pl.Int64, "price_2": pl.Int64,
    "price_3": pl.Int64, "limit_1": pl.Int64, "limit_2": pl.Int64,
}  # fmt: skip

quantities = st.integers(0, 12_000 * QUANTITY_SCALE)
prices = st.tuples(*[st.integers(1, 60 * PRICE_SCALE)] * 3)
limits = st.none() | st.sampled_from([(3900, 6000), (1050, 1900), (1, 2)])
accounts = st.lists(
    st.tuples(st.lists(st.tuples(quantities, prices), min_size=1, max_size=3), limits), min_size=1, max_size=12
)


def frame(town):
    return pl.DataFrame(
        [
            (account, f"T{zone}", quantity, *each, *((end * QUANTITY_SCALE for end in ends) if ends else (None, None)))
            for account, (zones, ends) in enumerate(town)
            for zone, (quantity, each) in enumerate(zones, start=1)
        ],
        schema=SCHEMA,
        orient="row",
    )


def by_rules(town):
    for account, (zones, ends) in enumerate(town):
        runs = [(f"T{zone}", Decimal(quantity) / QUANTITY_SCALE) for zone, (quantity, _) in enumerate(zones, start=1)]
        each = {
            f"T{zone}": [Decimal(price) / PRICE_SCALE for price in priced[: 3 if ends else 1]]
            for zone, (_, priced) in enumerate(zones, start=1)
        }
        for line in metered_electricity(runs, each, limits=[Decimal(end) for end in ends or ()]).lines:
            yield account, line.zone, line.range_number, int(line.amount * 100)


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=60)
@given(accounts)
def test_not_a_kopeck_is_off_the_rules(town):
    counted = {row[:3]: row[5] for row in metered(frame(town)).iter_rows()}

    assert counted == {key[:3]: key[3] for key in by_rules(town) if key[3] or key[:3] in counted}


def test_printed_shares_are_those_of_the_golden_case():
    town = [([(41_000_000, (610_000, 890_000, 1_410_000)), (19_000_000, (290_000, 420_000, 680_000)),
              (25_000_000, (510_000, 740_000, 1_190_000))], (3900, 6000))]  # fmt: skip

    lines = metered(frame(town))

    assert lines["quantity"].to_list()[:3] == [18_811_800, 8_717_600, 11_470_600]
    assert lines["amount"].sum() == 6_496_354


def test_what_does_not_fit_is_refused_before_anything_is_counted():
    with pytest.raises(TooMuch):
        metered(frame([([(MOST_QUANTITY + 1, (1, 1, 1))], None)]))
