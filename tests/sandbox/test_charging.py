"""What billing charges where no reading came, and what a reading corrects; how money meets debts."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from demo.households.prices import price_list
from kabinet.billing.rules.recounting import Printed, recounted
from kabinet.billing.values import Basis
from kabinet.contracts.values import HouseType, Settlement, Zone
from kabinet.kernel.periods import Month
from kabinet.providers.values import Resource
from kabinet.tariffs.rules import penalties
from kabinet.tariffs.values import ChargeKind
from sandbox.charging import estimates, lines, money, months, payments
from sandbox.charging.prices import PriceBook
from sandbox.charging.values import (
    Account,
    Counted,
    Debt,
    Habit,
    HouseFacts,
    MeterState,
    Paid,
    Purse,
    RegisterState,
)

pytestmark = pytest.mark.spec("BILL-03")

D = Decimal
BOOK = PriceBook(price_list())
HOUSE = HouseFacts("h", HouseType.GAS_STOVE, Settlement.CITY, D("8637.56"), D("1498.1"), False, True)
HALF_A_YEAR = tuple(Counted(volume, 1) for volume in (110, 98, 120, 105, 97, 130))


def meter(*zones, last=1000, counted=HALF_A_YEAR, resource=Resource.ELECTRICITY):
    registers = tuple(RegisterState(f"r-{zone}", zone, last, 5, counted) for zone in zones or (Zone.SINGLE,))
    return MeterState("m", resource, registers)


def account(*meters, **changed):
    facts = {
        "contract": "c", "house": "h", "area": D("49.5"), "residents": 2, "owners": 1, "rooms": 1,
        "habit": Habit.ON_TIME, "resources": (Resource.ELECTRICITY,), "meters": meters, "purses": (),
    }  # fmt: skip
    return Account(**(facts | changed))


def closed(one, month, **readings):
    named = {name.replace("_", "-"): value for name, value in readings.items()}
    _, (result,) = months.close_house(HOUSE, [one], Month.parse(month), readings=named, book=BOOK)
    return result


def printed(result, kind=ChargeKind.SUPPLY):
    return [(each.basis, each.line.quantity, each.line.amount) for each in result.lines if each.line.kind is kind]


def silent(months_without, *, start="2026-07"):
    """Close so many months without a reading; return the account after them."""
    one, month = account(meter()), Month.parse(start)
    for back in range(months_without):
        one = closed(one, str(month.plus(back))).account
    return one


def test_average_is_of_six_months():
    assert estimates.average(HALF_A_YEAR) == D("110.000")


def test_average_wants_three_months():
    assert estimates.average(HALF_A_YEAR[:2]) is None
    assert estimates.average((Counted(331, 3),)) == D("110.333")


def test_three_silent_months_are_charged_by_the_average_then_the_norm():
    one, seen = account(meter()), []
    for month in ("2026-07", "2026-08", "2026-09", "2026-10"):
        result = closed(one, month)
        seen += [(basis, quantity) for basis, quantity, _ in printed(result)]
        one = result.account

    norm = D(46 * 2)
    assert seen == [(Basis.AVERAGE, 110), (Basis.AVERAGE, 110), (Basis.AVERAGE, 110), (Basis.NORM, norm)]


@pytest.mark.parametrize(("shown", "supplied", "taken_back"), [(1422, 0, []), (1522, 100, []), (1342, 0, [-80])])
def test_reading_after_silence_corrects_what_was_charged(shown, supplied, taken_back):
    # 330 kWh by the average and 92 by the norm were charged since the dial showed 1000.
    result = closed(silent(4), "2026-11", r_single=shown)

    assert [quantity for _, quantity, _ in printed(result)] == [supplied]
    assert [quantity for _, quantity, _ in printed(result, ChargeKind.RECALCULATION)] == taken_back
    (after,) = result.account.meters
    assert (after.silent, after.estimated, after.registers[0].last) == (0, (), shown)


def test_correction_is_at_the_price_of_the_month_charged_last():
    # Of 422 kWh charged, 120 too many: October's 92, then 28 of September.
    result = closed(silent(4), "2026-11", r_single=1302)

    assert printed(result, ChargeKind.RECALCULATION) == [
        (Basis.METER, D(-92), D("-550.16")), (Basis.METER, D(-28), D("-152.32")),
    ]  # fmt: skip
    assert result.sums[0].recalculated == D("-702.48")


def test_dial_that_went_past_zero_ran_forward():
    result = closed(account(meter(last=99_987)), "2026-09", r_single=12)

    assert printed(result) == [(Basis.METER, D(25), D("136.00"))]


def test_zones_have_their_prices():
    two = meter(Zone.DAY, Zone.NIGHT, last=212)

    result = closed(account(two), "2026-09", r_day=256, r_night=238)

    assert printed(result) == [(Basis.METER, D(44), D("275.44")), (Basis.METER, D(26), D("90.48"))]


def test_zone_of_a_meter_alone_is_no_reading():
    result = closed(account(meter(Zone.DAY, Zone.NIGHT)), "2026-09", r_day=1100)

    assert {basis for basis, _, _ in printed(result)} == {Basis.AVERAGE}


def test_ranges_cut_what_is_above_them():
    result = closed(account(meter(last=0)), "2026-09", r_single=7350)

    assert [(each.line.range_number, each.line.quantity) for each in result.lines[:3]] == [
        (1, 3900),
        (2, 2100),
        (3, 1350),
    ]


def test_flat_without_a_meter_pays_the_norm_and_more():
    result = closed(account(), "2026-09")

    assert printed(result)[0][:2] == (Basis.NORM, D(92))
    assert printed(result, ChargeKind.SURCHARGE)[0][1] == D("46.0")


def test_common_needs_of_the_source():
    prices = BOOK.of(Month(2013, 5), HOUSE)
    (billed,) = lines.of_common_needs(account(), HOUSE, None, prices)

    assert (billed.line.quantity, billed.line.price, billed.line.amount) == (D("30.31"), D("2.43"), D("73.65"))


def test_sums_add_up_and_money_is_carried_over():
    first = closed(account(meter()), "2026-08", r_single=1100)
    paying = replace(first.account, paid=(Paid(Resource.ELECTRICITY, date(2026, 9, 9), D(100)),))
    (sums,) = closed(paying, "2026-09", r_single=1200).sums

    assert sums.opening == first.sums[0].closing > 0
    assert sums.paid == 100
    assert sums.closing == sums.opening + sums.charged + sums.recalculated + sums.penalty - sums.paid


def test_payments_meet_the_oldest_debt_first():
    purse = Purse(Resource.HEAT, D(300), (Debt(date(2026, 8, 15), D(100)), Debt(date(2026, 9, 15), D(200))))

    after, _ = money.settled(purse, Month(2026, 9), charged=D(50), recalculated=D(0), penalty=D(0), paid=D(150))

    assert after.debts == (Debt(date(2026, 9, 15), D(150)), Debt(date(2026, 10, 15), D(50)))


def test_penalty_of_a_thousand_in_a_hundred_days():
    purse = Purse(Resource.HEAT, D(1000), (Debt(date(2026, 3, 15), D(1000)),))
    rates = BOOK.of(Month(2026, 6), HOUSE).rates

    by_months = [money.fine_of(purse, Month(2026, month), payments=(), rates=rates)[0] for month in (4, 5, 6)]

    # 30 days are free; to the end of June 107 have passed: 60 at 1/300 and 17 at 1/130 of 9.5 % a day.
    assert by_months == [D("5.07"), D("9.81"), D("16.54")]
    assert sum(by_months) == D("31.42")


def test_debt_that_was_paid_in_the_month_costs_up_to_the_day():
    purse = Purse(Resource.HEAT, D(1000), (Debt(date(2026, 3, 15), D(1000)),))
    paid = [Paid(Resource.HEAT, date(2026, 4, 20), D(1000))]

    assert money.fine_of(purse, Month(2026, 4), payments=paid, rates=BOOK.of(Month(2026, 4), HOUSE).rates)[0] == D(
        "1.90"
    )


@pytest.mark.parametrize(("month", "day"), [("2026-01", date(2026, 2, 10)), ("2026-02", date(2026, 3, 15))])
def test_bills_are_due_by_the_law_of_their_time(month, day):
    assert money.due_on(Month.parse(month)) == day


def test_household_pays_what_it_owes():
    owing = account(purses=(Purse(Resource.ELECTRICITY, D("123.45")), Purse(Resource.HEAT, D(-5))))

    (paid,) = payments.paid_in(owing, Month(2026, 9))

    assert (paid.resource, paid.amount) == (Resource.ELECTRICITY, D("123.45"))
    assert payments.paid_in(owing, Month(2026, 9)) == (paid,)


@pytest.mark.spec("BILL-03")
def test_penalty_is_counted_again_from_what_it_keeps():
    purse = Purse(Resource.ELECTRICITY, D(1500), (Debt(date(2026, 2, 15), D(500)), Debt(date(2026, 3, 15), D(1000))))
    rates = BOOK.of(Month(2026, 6), HOUSE).rates
    paid = (Paid(Resource.ELECTRICITY, date(2026, 6, 20), D(700)),)

    fine, late = money.fine_of(purse, Month(2026, 6), payments=paid, rates=rates)
    kept = json.loads(lines.kept_of_fine(late, rates))
    printed = Printed(Resource.ELECTRICITY, ChargeKind.PENALTY, "", "", None)

    assert fine > 0
    assert recounted(printed, calculator=penalties.CALCULATOR, kept=kept) == fine
