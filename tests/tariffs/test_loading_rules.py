"""What a file of prices would do to the stored ones: a table of days."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from kabinet.contracts.values import HouseType, Settlement, Zone
from kabinet.kernel.periods import Period
from kabinet.providers.values import Resource
from kabinet.tariffs.rules.loading import plan_of
from kabinet.tariffs.values import Unit
from kabinet.tariffs.values.loading import HeldPrice, PriceFate, PriceProblem, PriceRow
from kabinet.tariffs.values.tables import NormKey, NormKind, TariffKey

pytestmark = pytest.mark.spec("STAFF-01")

TODAY = date(2026, 10, 8)
WATER = TariffKey(Resource.COLD_WATER, Unit.M3)
LIGHT = TariffKey(Resource.ELECTRICITY, Unit.KWH, HouseType.GAS_STOVE, Settlement.CITY)
YEARS = {name: date(2000 + int(name[1:3]), int(name[3:]), 1) for name in ("y2601", "y2607", "y2701", "y2707", "y2801")}


def days(since, until=None):
    return Period(YEARS[since], YEARS[until] if until else None)


def row(since, until=None, value="5", *, number=2, key=WATER, end=None):
    return PriceRow(number, key, days(since, until), Decimal(value), end and Decimal(end))


def held(since, until=None, value="4", *, key=WATER, place=1, end=None):
    return HeldPrice(UUID(int=place), key, days(since, until), Decimal(value), end and Decimal(end))


@pytest.mark.parametrize(
    ("stored", "given", "fate"),
    [
        ([], row("y2701"), PriceFate.ADDED),
        ([held("y2601", "y2701")], row("y2701"), PriceFate.ADDED),
        ([held("y2601", value="5")], row("y2601"), PriceFate.UNCHANGED),
        ([held("y2601", value="5.00")], row("y2601"), PriceFate.UNCHANGED),
        ([held("y2601")], row("y2601"), PriceFate.CHANGED),
        ([held("y2601", value="5")], row("y2601", "y2701"), PriceFate.CHANGED),
    ],
)
def test_row_that_is_alone_on_its_days(stored, given, fate):
    plan = plan_of([given], stored, today=TODAY)

    assert [(one.fate, one.ends, one.drops) for one in plan.decisions] == [(fate, (), ())]


@pytest.mark.parametrize(
    ("stored", "given"),
    [
        (held("y2601"), row("y2701")),
        (held("y2601"), row("y2701", "y2707")),
        (held("y2601", "y2707"), row("y2701", "y2707")),
        (held("y2601", "y2707"), row("y2701")),
    ],
)
def test_price_that_begins_ends_the_one_before(stored, given):
    (decision,) = plan_of([given], [stored], today=TODAY).decisions

    assert (decision.fate, decision.ends) == (PriceFate.ADDED, (stored,))


def test_price_that_says_how_long_it_holds_is_not_cut_in_two():
    (decision,) = plan_of([row("y2607", "y2701")], [held("y2601", "y2707")], today=TODAY).decisions

    assert (decision.problem, decision.against) == (PriceProblem.INSIDE_ANOTHER, days("y2601", "y2707"))


def test_former_file_takes_back_what_has_not_begun():
    trimmed, mistaken = held("y2601", "y2701"), held("y2701", value="50", place=2)

    (decision,) = plan_of([row("y2601", value="4")], [trimmed, mistaken], today=TODAY).decisions

    assert (decision.fate, decision.before, decision.drops) == (PriceFate.CHANGED, trimmed, (mistaken,))


def test_what_has_begun_is_not_covered():
    (decision,) = plan_of([row("y2601")], [held("y2607")], today=TODAY).decisions

    assert (decision.problem, decision.against) == (PriceProblem.COVERS_ANOTHER, days("y2607"))


def test_two_rows_of_a_file_share_no_day():
    plan = plan_of([row("y2601", "y2707", number=2), row("y2701", number=3)], [], today=TODAY)

    assert [(one.fate, one.problem, one.other_row) for one in plan.decisions] == [
        (PriceFate.ADDED, None, 0),
        (PriceFate.REFUSED, PriceProblem.TWICE, 2),
    ]
    assert plan.is_refused


def test_halves_of_a_year_follow_each_other_in_any_order_of_rows():
    plan = plan_of([row("y2707", number=2), row("y2701", "y2707", number=3)], [held("y2601")], today=TODAY)

    assert [one.fate for one in plan.decisions] == [PriceFate.ADDED, PriceFate.ADDED]
    assert [len(one.ends) for one in plan.decisions] == [0, 1]


def meter(*zones, since="y2701", ranges=((1, None),), number=2):
    return [
        PriceRow(
            number + place,
            replace(LIGHT, zones=2, zone=zone, range_number=range_number),
            days(since), Decimal(5), end and Decimal(end),
        )
        for place, (zone, (range_number, end)) in enumerate((z, r) for z in zones for r in ranges)
    ]  # fmt: skip


RANGES = ((1, "3900"), (2, "6000"), (3, None))


@pytest.mark.parametrize(
    ("rows", "is_refused"),
    [
        (meter(Zone.DAY, Zone.NIGHT), False),
        (meter(Zone.DAY), True),
        (meter(Zone.DAY, Zone.PEAK), True),
        (meter(Zone.DAY, Zone.NIGHT, ranges=RANGES), False),
        (meter(Zone.DAY, ranges=RANGES) + meter(Zone.NIGHT, number=9), True),
        (meter(Zone.DAY, Zone.NIGHT, ranges=((1, "6000"), (2, "3900"), (3, None))), True),
        (meter(Zone.DAY, Zone.NIGHT, ranges=((1, None), (2, None))), True),
    ],
)
def test_meter_has_all_its_prices_or_none(rows, is_refused):
    plan = plan_of(rows, [], today=TODAY)

    assert plan.is_refused is is_refused
    problems = {one.problem for one in plan.decisions}
    assert problems == ({PriceProblem.INCOMPLETE} if is_refused else {None})


def test_one_zone_may_change_beside_the_stored_other():
    day, night = meter(Zone.DAY, Zone.NIGHT, since="y2601")
    stored = [HeldPrice(UUID(int=one.number), one.key, one.period, one.value) for one in (day, night)]

    plan = plan_of(meter(Zone.DAY), stored, today=TODAY)

    assert [one.fate for one in plan.decisions] == [PriceFate.ADDED]


def test_zone_that_ends_before_the_other_is_told_with_its_day():
    day, night = meter(Zone.DAY, Zone.NIGHT)
    short = PriceRow(night.number, night.key, days("y2701", "y2707"), night.value)

    plan = plan_of([day, short], [], today=TODAY)

    assert [(one.problem, one.on) for one in plan.decisions] == [
        (PriceProblem.INCOMPLETE, YEARS["y2707"]),
        (None, None),
    ]


def test_norms_need_nothing_beside_them():
    key = NormKey(Resource.ELECTRICITY, NormKind.PERSON, HouseType.GAS_STOVE, rooms=1, people=2)

    assert not plan_of([row("y2701", key=key)], [], today=TODAY).is_refused
