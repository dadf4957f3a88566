"""What a month costs: tables beside the golden cases, and properties."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kabinet.kernel.periods import Period
from kabinet.providers.values import Resource
from kabinet.tariffs.rules.common_needs import volume_by_house_meter
from kabinet.tariffs.rules.electricity import PricesMissing, cut_by_ranges, metered_electricity
from kabinet.tariffs.rules.norms import by_norm, people_charged
from kabinet.tariffs.rules.penalties import RateMissing, overdue_days, penalty, penalty_by_dates
from kabinet.tariffs.rules.water import hot_water_of_boiler
from kabinet.tariffs.values import Areas, Boiler, ChargeKind, DatedRate, HouseVolumes, NormUse, Unit, total_of

LIMITS = (Decimal(3900), Decimal(6000))
PRICES = (Decimal("5.10"), Decimal("7.40"), Decimal("11.90"))
kilowatt_hours = st.decimals(min_value=0, max_value=20000, places=2)
prices = st.decimals(min_value="0.01", max_value=50, places=5)


def numbers(*texts):
    return tuple(Decimal(text) for text in texts)


@pytest.mark.parametrize(
    ("total", "months", "parts"),
    [
        ("3900", 1, ("3900", "0", "0")),
        ("6000", 1, ("3900", "2100", "0")),
        ("7801", 2, ("7800", "1", "0")),
        ("18000.5", 3, ("11700", "6300", "0.5")),
        ("0", 1, ("0", "0", "0")),
        ("-120", 1, ("-120", "0", "0")),
    ],
)
def test_ranges_cut_the_total_of_all_its_months(total, months, parts):
    assert cut_by_ranges(Decimal(total), limits=LIMITS, months=months) == numbers(*parts)


def test_limits_that_do_not_grow_are_refused():
    with pytest.raises(ValueError, match="limits"):
        cut_by_ranges(Decimal(1), limits=numbers("6000", "3900"))


@pytest.mark.parametrize(
    ("runs", "amounts"),
    [
        ((("T1", "0"), ("T2", "0")), ["0", "0", "0", "0", "0", "0"]),
        # Zones that only correct each other stay in the first range, each at its own price.
        ((("T1", "10"), ("T2", "-10")), ["51.00", "-31.00", "0", "0", "0", "0"]),
        ((("T1", "-4"), ("T2", "1")), ["-20.40", "3.10", "0", "0", "0", "0"]),
    ],
)
def test_zones_that_ran_nothing_together_are_priced_in_the_first_range(runs, amounts):
    consumption = [(zone, Decimal(ran)) for zone, ran in runs]

    priced = metered_electricity(consumption, {"T1": PRICES, "T2": numbers("3.10", "4.50", "7.20")}, limits=LIMITS)

    assert [line.amount for line in priced.lines] == list(numbers(*amounts))


def test_half_a_kopeck_of_a_share_goes_up():
    # A third of 3 kWh at 0.005: the share is exact although a third is not.
    priced = metered_electricity(
        [("T1", Decimal(1)), ("T2", Decimal(2))],
        {"T1": numbers("0.010", "1"), "T2": numbers("0.010", "1")},
        limits=numbers("1.5"),
    )

    assert [line.amount for line in priced.lines] == list(numbers("0.01", "0.01", "0.50", "1.00"))


@pytest.mark.parametrize("given_prices", [{}, {"T1": numbers("5.10")}, {"T2": PRICES}])
def test_zone_without_a_price_for_each_range_is_refused(given_prices):
    with pytest.raises(PricesMissing):
        metered_electricity([("T1", Decimal(5))], given_prices, limits=LIMITS)


@given(day=kilowatt_hours, night=kilowatt_hours, price=prices)
def test_equal_prices_of_zones_and_ranges_cost_as_one(day, night, price):
    alike = {"T1": (price,) * 3, "T2": (price,) * 3}

    apart = metered_electricity([("T1", day), ("T2", night)], alike, limits=LIMITS)
    together = metered_electricity([("T", day + night)], {"T": (price,)})

    # Six lines are rounded by half a kopeck each, one line by half a kopeck.
    assert abs(apart.total - together.total) <= Decimal("0.035")


@given(total=kilowatt_hours, months=st.integers(1, 12))
def test_ranges_add_up_to_what_was_cut(total, months):
    assert total_of(cut_by_ranges(total, limits=LIMITS, months=months)) == total


def test_increasing_coefficient_of_one_gives_no_line():
    priced = by_norm(
        NormUse(Decimal(46), people=2), price=Decimal("2.43"), resource=Resource.ELECTRICITY, unit=Unit.KWH
    )

    assert [(line.kind, line.amount) for line in priced.lines] == [(ChargeKind.SUPPLY, Decimal("223.56"))]


@pytest.mark.parametrize(("residents", "owners", "charged"), [(3, 1, 3), (0, 2, 2), (0, 0, 0)])
def test_owners_are_charged_where_nobody_is_registered(residents, owners, charged):
    assert people_charged(residents=residents, owners=owners) == charged


@given(own=st.decimals(min_value=0, max_value=9000, places=2), house=st.decimals(min_value=0, max_value=9000, places=2))
def test_house_meter_never_gives_below_zero(own, house):
    areas = Areas(flat=Decimal("49.5"), total=Decimal("8637.56"))

    volume = volume_by_house_meter(HouseVolumes(house=house, flats_by_meter=own), areas=areas)

    assert volume.printed >= 0
    assert (volume.flag is None) == (house > own)


def test_boiler_is_charged_by_its_unrounded_price():
    priced = hot_water_of_boiler(
        Decimal(100),
        boiler=Boiler(heat=Decimal("12.9"), volume=Decimal("31.424")),
        cold_price=Decimal("17.73"),
        heat_price=Decimal("1056.37"),
    )

    assert (priced.lines[0].price, priced.total) == numbers("451.38", "45138.49")


JANUARY = date(2026, 1, 31)


def test_rate_that_changes_is_applied_day_by_day():
    rates = [
        DatedRate(Decimal("9.5"), Period(date(2025, 1, 1), date(2026, 4, 1))),
        DatedRate(Decimal(13), Period(date(2026, 4, 1))),
    ]

    sum_ = penalty_by_dates(Decimal(1000), due_on=JANUARY, paid_on=date(2026, 5, 10), rates=rates)

    # 29 days of March and 31 of April and May at 1/300, then 9 days at 1/130.
    assert sum_ == Decimal("31.62")


@given(st.dates(JANUARY, date(2027, 1, 31)))
def test_one_rate_cut_in_two_costs_the_same(paid_on):
    one = Decimal("9.5")
    cut = [DatedRate(one, Period(date(2025, 1, 1), date(2026, 5, 1))), DatedRate(one, Period(date(2026, 5, 1)))]

    whole = penalty(Decimal("1234.56"), days=overdue_days(JANUARY, paid_on), rate_percent=one)

    assert penalty_by_dates(Decimal("1234.56"), due_on=JANUARY, paid_on=paid_on, rates=cut) == whole


def test_day_without_a_rate_is_refused():
    with pytest.raises(RateMissing):
        penalty_by_dates(Decimal(1), due_on=JANUARY, paid_on=date(2026, 6, 1), rates=[])
