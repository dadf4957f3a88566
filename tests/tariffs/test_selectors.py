"""What held on a day: the table's own dates decide, the nearest row of a house wins."""

from datetime import date
from decimal import Decimal

import pytest

from kabinet.contracts.models import Contract
from kabinet.contracts.values import ContractKind, HouseType, Settlement, Zone
from kabinet.kernel.periods import Month
from kabinet.providers.values import Resource
from kabinet.tariffs import selectors
from kabinet.tariffs.models import HouseMonth, Norm, PenaltyRate, Tariff
from kabinet.tariffs.rules.pricing import TariffMissing, price_of
from kabinet.tariffs.selectors import Place
from kabinet.tariffs.values import NormUse, Unit
from kabinet.tariffs.values.tables import NormKind
from tests import world

pytestmark = pytest.mark.django_db

GAS = Place(HouseType.GAS_STOVE, Settlement.CITY)
JULY, OCTOBER = date(2026, 7, 1), date(2026, 10, 1)


def price(of, amount, **changed):
    facts = {"resource": "electricity", "unit": "kwh", "valid_from": date(2026, 1, 1)}
    return Tariff.objects.create(provider=of, price=Decimal(amount), **(facts | changed))


def tariffs(of, on, place=GAS):
    return selectors.tariff_set_of(of.pk, Resource.ELECTRICITY, place=place, on=on)


def test_price_is_that_of_the_day_and_of_no_other(w):
    price(w, "4.50", valid_to=JULY)
    price(w, "4.86", valid_from=JULY)

    assert tariffs(w, date(2025, 12, 31)) is None
    assert tariffs(w, date(2026, 6, 30)).single == Decimal("4.50")
    assert tariffs(w, JULY).single == Decimal("4.86")


def test_price_of_another_provider_is_none_of_ours(w, v):
    price(v, "4.86")

    assert tariffs(w, JULY) is None


def test_house_of_its_own_kind_comes_before_that_for_all(w):
    price(w, "5.00")
    price(w, "4.00", settlement="village")
    price(w, "3.40", house_type="electric_stove", settlement="village")
    stove = HouseType.ELECTRIC_STOVE

    found = [
        tariffs(w, JULY, place=place).single
        for place in (GAS, Place(HouseType.GAS_STOVE, Settlement.VILLAGE), Place(stove, Settlement.VILLAGE), Place())
    ]

    assert found == [Decimal("5.00"), Decimal("4.00"), Decimal("3.40"), Decimal("5.00")]


def test_zones_and_ranges_stand_side_by_side(w):
    for number, (end, day, night) in enumerate(
        [("3900", "5.80", "3.10"), ("6000", "8.40", "4.50"), (None, "13.5", "7.2")], start=1
    ):
        facts = {"zones": 2, "range_number": number, "range_end": end}
        price(w, day, zone="day", **facts)
        price(w, night, zone="night", **facts)

    found = tariffs(w, JULY).by_zones[2]

    assert found.limits == (Decimal(3900), Decimal(6000))
    assert found.prices[Zone.NIGHT] == (Decimal("3.10"), Decimal("4.50"), Decimal("7.20"))


def test_half_a_table_is_no_table(w):
    price(w, "5.80", zones=2, zone="day")

    assert tariffs(w, JULY) is None
    with pytest.raises(TariffMissing):
        price_of({Zone.DAY: Decimal(1), Zone.NIGHT: Decimal(1)}, tariffs(w, JULY))


def test_peak_of_two_zones_is_the_day_and_idle_ranges_give_no_line(w):
    price(w, "2.80", zones=2, zone="day")
    price(w, "1.54", zones=2, zone="night")

    priced = price_of({Zone.PEAK: Decimal(44), Zone.NIGHT: Decimal(26)}, tariffs(w, JULY))

    assert [(line.zone, line.amount) for line in priced.lines] == [
        (Zone.DAY, Decimal("123.20")),
        (Zone.NIGHT, Decimal("40.04")),
    ]
    assert priced.total == Decimal("163.24")


def test_meter_that_ran_nothing_costs_nothing_aloud(w):
    price(w, "5.00")

    priced = price_of({Zone.SINGLE: Decimal(0)}, tariffs(w, JULY))

    assert [line.amount for line in priced.lines] == [Decimal(0)]


def norm(of, value, **changed):
    facts = {"resource": "electricity", "kind": "person", "valid_from": date(2026, 1, 1)}
    return Norm.objects.create(provider=of, value=Decimal(value), **(facts | changed))


@pytest.mark.parametrize(
    ("rooms", "people", "value"),
    [(1, 1, "75"), (1, 2, "46"), (1, 5, "46"), (2, 1, "90"), (6, 1, "90"), (None, 1, "50")],
)
def test_norm_goes_by_rooms_and_people(w, rooms, people, value):
    norm(w, "50")
    norm(w, "75", house_type="gas_stove", rooms=1, people=1)
    norm(w, "46", house_type="gas_stove", rooms=1, people=2)
    norm(w, "90", house_type="gas_stove", rooms=2, people=1)
    norm(w, "125", house_type="electric_stove", rooms=1, people=1)

    found = selectors.norm_of(
        w.pk, Resource.ELECTRICITY, NormKind.PERSON, place=GAS, on=JULY, rooms=rooms, people=people
    )

    assert found == Decimal(value)


def test_norms_of_many_accounts_are_those_of_each(p):
    for facts in (
        {}, {"house_type": "gas_stove", "rooms": 1, "people": 1}, {"house_type": "gas_stove", "rooms": 1, "people": 2},
        {"house_type": "electric_stove"}, {"settlement": "village"}, {"resource": "hot_water"},
    ):  # fmt: skip
        norm(p, str(40 + Norm.objects.count()), **facts)
    homes = [world.house(p), world.house(p, house_type="electric_stove"), world.house(p, settlement="village")]
    flats = [
        world.household(p, f"{100 * place + people}", house=home, rooms=rooms, residents=people, owners=1)
        for place, home in enumerate(homes, start=1)
        for people, rooms in ((0, 1), (2, 1), (3, None), (5, 4))
    ]

    found = selectors.norm_uses_of({flat.pk: Month(2026, 7) for flat in flats}, provider_id=p.pk)

    for flat in flats:
        people, place = flat.residents or 1, selectors.place_of(flat)
        for resource in (Resource.ELECTRICITY, Resource.HOT_WATER):
            one = selectors.norm_of(
                p.pk, resource, NormKind.PERSON, place=place, on=JULY, rooms=flat.rooms, people=people
            )
            assert found[flat.pk][resource] == NormUse(one, people)
    assert len({use.norm for uses in found.values() for use in uses.values()}) == 6


def test_accounts_of_others_and_of_nobody_have_no_norm(p, w):
    norm(p, "50")
    empty, foreign = world.household(p, residents=0, owners=0), world.household(w)

    found = selectors.norm_uses_of(dict.fromkeys([empty.pk, foreign.pk], Month(2026, 7)), provider_id=p.pk)

    assert found == {empty.pk: {}}


def test_contract_has_the_prices_of_its_house_in_the_month(p):
    flat = world.household(p)
    price(p, "2.43", house_type="gas_stove", settlement="city", valid_from=date(2013, 1, 1), valid_to=JULY)
    price(p, "4.86", house_type="gas_stove", settlement="city", valid_from=JULY)
    price(p, "39.52", resource="cold_water", unit="m3")
    price(p, "2418.64", resource="hot_water", unit="gcal")

    may = selectors.tariff_set_of_contract(flat, Resource.ELECTRICITY, month=Month(2013, 5))
    water = selectors.tariff_set_of_contract(flat, Resource.COLD_WATER, month=Month(2026, 7))
    heat = selectors.tariff_set_of_contract(flat, Resource.HOT_WATER, month=Month(2026, 7), unit=Unit.GCAL)

    assert (may.single, water.single, heat.single) == (Decimal("2.43"), Decimal("39.52"), Decimal("2418.64"))
    assert selectors.tariff_set_of_contract(flat, Resource.HOT_WATER, month=Month(2026, 7)) is None


def test_areas_are_the_months_own_where_billing_says_so(p):
    flat = world.household(p)
    facts = {"provider": p, "source": "billing", "version": 1, "house": flat.house, "resource": "electricity"}
    HouseMonth.objects.create(external_id="may", month=date(2013, 5, 1), **facts)
    HouseMonth.objects.create(external_id="june", month=date(2013, 6, 1), total_area=8000, common_area=0, **facts)

    june, may = selectors.house_months_of(flat, Resource.ELECTRICITY)

    assert selectors.areas_of(flat, may).common == Decimal("1498.10")
    assert (selectors.areas_of(flat, june).total, selectors.areas_of(flat, june).common) == (8000, 0)
    assert not selectors.house_months_of(Contract(provider=p), Resource.ELECTRICITY)


def test_rates_are_those_that_touch_the_days(w):
    for percent, since, until in (("8", 2024, 2025), ("9.5", 2025, 2026), ("13", 2026, None)):
        PenaltyRate.objects.create(
            provider=w, customers="household", percent=percent, valid_from=date(since, 1, 1),
            valid_to=until and date(until, 1, 1),
        )  # fmt: skip

    found = selectors.penalty_rates_of(w.pk, ContractKind.HOUSEHOLD, since=date(2025, 12, 31), until=date(2026, 1, 1))

    assert [rate.percent for rate in found] == [Decimal("9.5"), Decimal(13)]
