"""Volumes by tables and properties."""

from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kabinet.kernel.periods import Month
from kabinet.readings.rules import fates, volumes
from kabinet.readings.values import (
    Difference,
    Entry,
    Fate,
    Measured,
    Mistake,
    Outcome,
    PlausibilityPolicy,
    TypedDifference,
)

POINT = UUID(int=1)
USUAL = Decimal(30)
OCTOBER = Month(2026, 10)
thousandths = st.integers(0, 99_999_999).map(lambda units: Decimal(units) / 1000)


@pytest.mark.spec("READ-04")
@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("0", "0"),
        ("7", "7"),
        ("7,5", "7.5"),
        ("7.125", "7.125"),
        (" 1 200,5 ", "1200.5"),
        ("007", "7"),
        ("0,001", "0.001"),
    ],
)
def test_number_with_comma_or_point_is_read(raw, value):
    judged = volumes.verdict(raw, usual=Decimal(5000))

    assert (judged.blocking, judged.value) == ((), Decimal(value))


@pytest.mark.spec("READ-04")
@pytest.mark.parametrize(
    ("raw", "mistake"),
    [
        ("", Mistake.EMPTY),
        ("  ", Mistake.EMPTY),
        ("-1", Mistake.NEGATIVE),
        ("−0,5", Mistake.NEGATIVE),
        ("семь", Mistake.NOT_A_NUMBER),
        ("7м", Mistake.NOT_A_NUMBER),
        ("1e3", Mistake.NOT_A_NUMBER),
        ("1,2,3", Mistake.NOT_A_NUMBER),
        (",5", Mistake.NOT_A_NUMBER),
        ("NaN", Mistake.NOT_A_NUMBER),
        ("٧", Mistake.NOT_A_NUMBER),
        ("1,2345", Mistake.TOO_MANY_DECIMALS),
        ("1234567890", Mistake.TOO_MANY_DIGITS),
    ],
)
def test_what_is_no_volume_is_named(raw, mistake):
    judged = volumes.verdict(raw, usual=USUAL)

    assert (judged.blocking, judged.value) == ((mistake,), None)


@pytest.mark.parametrize(("raw", "asked"), [("30", ()), ("30,001", (Mistake.CONSUMPTION_TOO_HIGH,))])
def test_much_more_than_usual_asks_to_confirm(raw, asked):
    assert volumes.verdict(raw, usual=USUAL).to_confirm == asked


def test_nothing_used_is_only_noted():
    judged = volumes.verdict("0,000", usual=USUAL)

    assert (judged.blocking, judged.to_confirm, judged.hints) == ((), (), (Mistake.ZERO_CONSUMPTION,))


@pytest.mark.parametrize(
    ("raw", "confirmed", "closed", "sent", "fate"),
    [
        ("7", (), None, None, Fate.SENT),
        ("7", (), Mistake.WINDOW_CLOSED, None, Fate.REFUSED),
        ("7,0", (), None, "7", Fate.UNCHANGED),
        ("8", (), None, "7", Fate.SENT),
        ("900", (), None, None, Fate.TO_CONFIRM),
        ("900", (Mistake.CONSUMPTION_TOO_HIGH,), None, None, Fate.SENT),
        ("abc", (Mistake.CONSUMPTION_TOO_HIGH,), None, None, Fate.REFUSED),
    ],
)
def test_fate_of_a_row(raw, confirmed, closed, sent, fate):
    entry = Entry(POINT, raw, frozenset(confirmed))

    outcome = fates.decide(
        entry, volumes.verdict(raw, usual=USUAL), closed=closed, sent_value=None if sent is None else Decimal(sent)
    )

    assert outcome.fate is fate


def test_outcome_survives_its_json():
    outcome = Outcome(POINT, "900", Fate.TO_CONFIRM, (Mistake.CONSUMPTION_TOO_HIGH,), (Mistake.ZERO_CONSUMPTION,))

    assert fates.outcome_from(fates.outcome_as_json(outcome)) == outcome


@pytest.mark.spec("READ-04")
@pytest.mark.parametrize(
    ("earlier", "later", "counted"),
    [
        ("36", "42", Difference(Decimal(6))),
        ("36,500", "42.25", Difference(Decimal("5.750"))),
        ("42", "42", Difference(Decimal(0))),
        ("99990", "00012", Difference(Decimal(22), rolled_over=True)),
        ("99990,5", "3", Difference(Decimal("12.5"), rolled_over=True)),
        ("500", "400", Difference(problem=Mistake.LESS_THAN_PREVIOUS)),
        ("", "42", Difference(problem=Mistake.EMPTY)),
        ("36", "", Difference(problem=Mistake.EMPTY)),
        ("36", "-42", Difference(problem=Mistake.NEGATIVE)),
        ("36", "4x", Difference(problem=Mistake.NOT_A_NUMBER)),
        ("36", "42,1234", Difference(problem=Mistake.TOO_MANY_DECIMALS)),
        ("36", "123456", Difference(problem=Mistake.TOO_MANY_DIGITS)),
    ],
)
def test_helper_subtracts_two_readings(earlier, later, counted):
    assert volumes.difference(TypedDifference(earlier, later, integer_digits=5), usual=USUAL) == counted


@given(earlier=thousandths, later=thousandths)
def test_counted_volume_can_always_be_sent(earlier, later):
    counted = volumes.difference(TypedDifference(str(earlier), str(later), integer_digits=5), usual=Decimal(100_000))

    assert counted.volume is not None
    assert counted.rolled_over == (later < earlier)
    assert (earlier + counted.volume - later) % 100_000 == 0
    assert not volumes.verdict(format(counted.volume, "f"), usual=USUAL).blocking


@pytest.mark.parametrize(
    ("months", "last", "limit"),
    [
        ([], None, "30"),
        ([("2026-09", "8")], "2026-09", "30"),
        ([("2026-09", "20"), ("2026-08", "40")], "2026-09", "90"),
        ([("2026-06", "20")], "2026-06", "240"),
        ([("2025-09", "500")], "2025-09", "30"),
        ([("2026-10", "500")], "2026-09", "30"),
    ],
)
def test_usual_is_thrice_the_average_of_a_year_for_each_month_covered(months, last, limit):
    known = [Measured(Month.parse(month), Decimal(value)) for month, value in months]

    usual = volumes.usual_limit(
        PlausibilityPolicy(floor=Decimal(30)), known, month=OCTOBER, last=Month.parse(last) if last else None
    )

    assert usual == Decimal(limit)
