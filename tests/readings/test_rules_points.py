"""Rules of «Показания»: meters whole, a colleague's value, verification, monthly runs; no database."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from kabinet.kernel.periods import Month
from kabinet.readings.rules.monthly import Mark, monthly
from kabinet.readings.rules.verification import Notice, notice_of
from kabinet.readings.rules.whole_meters import asked_first, whole
from kabinet.readings.values import Entry, Fate, Mistake, Outcome

METER, OTHER = UUID(int=100), UUID(int=200)
DAY, NIGHT, ALONE = UUID(int=1), UUID(int=2), UUID(int=3)
METERS = {METER: [DAY, NIGHT], OTHER: [ALONE]}


def told(*rows, sent=()):
    outcomes = [Outcome(register, "1", fate, problems) for register, fate, problems in rows]
    return {
        outcome.row_id: (outcome.fate, outcome.problems) for outcome in whole(outcomes, meters=METERS, sent=set(sent))
    }


@pytest.mark.spec("READ-11")
@pytest.mark.parametrize(
    ("rows", "sent", "expected"),
    [
        ([(DAY, Fate.SENT, ()), (NIGHT, Fate.SENT, ())], (), {DAY: Fate.SENT, NIGHT: Fate.SENT}),
        ([(DAY, Fate.SENT, ())], (), {DAY: Fate.REFUSED, NIGHT: Fate.REFUSED}),
        # What was sent before makes the meter whole: one of its registers may be corrected alone.
        ([(DAY, Fate.SENT, ())], (NIGHT,), {DAY: Fate.SENT}),
        ([(DAY, Fate.SENT, ()), (NIGHT, Fate.UNCHANGED, ())], (), {DAY: Fate.SENT, NIGHT: Fate.UNCHANGED}),
        (
            [(ALONE, Fate.SENT, ()), (DAY, Fate.SENT, ())],
            (),
            {ALONE: Fate.SENT, DAY: Fate.REFUSED, NIGHT: Fate.REFUSED},
        ),
        (
            [(DAY, Fate.SENT, ()), (NIGHT, Fate.TO_CONFIRM, (Mistake.CONSUMPTION_TOO_HIGH,))],
            (),
            {DAY: Fate.REFUSED, NIGHT: Fate.TO_CONFIRM},
        ),
        ([(UUID(int=9), Fate.REFUSED, (Mistake.NOT_YOURS,))], (), {UUID(int=9): Fate.REFUSED}),
    ],
)
def test_meter_goes_whole_or_not_at_all(rows, sent, expected):
    assert {register: fate for register, (fate, _problems) in told(*rows, sent=sent).items()} == expected


@pytest.mark.spec("READ-11")
def test_held_register_says_why_and_the_empty_one_is_named():
    assert told((DAY, Fate.SENT, ())) == {
        DAY: (Fate.REFUSED, (Mistake.INCOMPLETE,)),
        NIGHT: (Fate.REFUSED, (Mistake.FILL_IN,)),
    }


@pytest.mark.spec("READ-10")
@pytest.mark.parametrize(
    ("was", "sent_value", "confirmed", "fate"),
    [
        ("", None, frozenset(), Fate.SENT),
        ("001100,50", Decimal("1100.5"), frozenset(), Fate.SENT),
        ("", Decimal("1100.5"), frozenset(), Fate.TO_CONFIRM),
        ("001100,50", Decimal(1101), frozenset(), Fate.TO_CONFIRM),
        ("001100,50", Decimal(1101), frozenset({Mistake.SENT_MEANWHILE}), Fate.SENT),
    ],
)
def test_value_that_its_sender_did_not_see_is_asked_about_first(was, sent_value, confirmed, fate):
    outcome = asked_first(
        Outcome(DAY, "1200", Fate.SENT), Entry(DAY, "1200", confirmed, was), sent_value=sent_value, shown="001101.00"
    )

    assert outcome.fate is fate
    assert (Mistake.SENT_MEANWHILE in outcome.problems) == (fate is Fate.TO_CONFIRM)
    assert outcome.suggestions == (("001101.00",) if fate is Fate.TO_CONFIRM else ())


@pytest.mark.spec("READ-10")
@pytest.mark.parametrize(
    ("due", "notice"),
    [
        (None, Notice.NONE),
        ("2026-12-31", Notice.NONE),
        ("2026-12-07", Notice.IN_60_DAYS),
        ("2026-11-08", Notice.IN_60_DAYS),
        ("2026-11-07", Notice.IN_30_DAYS),
        ("2026-10-15", Notice.IN_7_DAYS),
        ("2026-10-09", Notice.IN_7_DAYS),
        ("2026-10-08", Notice.EXPIRED),
        ("2025-01-01", Notice.EXPIRED),
    ],
)
def test_verification_is_warned_of_sixty_thirty_and_seven_days_before(due, notice):
    assert notice_of(date.fromisoformat(due) if due else None, today=date(2026, 10, 8)) is notice


def mark(month, value, *, rolls_over=False):
    return Mark(Month.parse(month), Month.parse(month).last, Decimal(value), rolls_over)


@pytest.mark.spec("READ-10", "READ-19")
@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        ([mark("2026-08", "1000")], []),
        ([mark("2026-08", "12345.67"), mark("2026-09", "12345.68")], [("2026-09", "120", 1, False)]),
        ([mark("2026-06", "1000"), mark("2026-09", "1003")], [("2026-09", "36000", 3, False)]),
        ([mark("2026-08", "999990"), mark("2026-09", "5", rolls_over=True)], [("2026-09", "180000", 1, True)]),
        # A fall that nobody has confirmed is no consumption.
        ([mark("2026-08", "999990"), mark("2026-09", "5")], [("2026-09", None, 1, False)]),
    ],
)
def test_register_runs_from_reading_to_reading(marks, expected):
    runs = monthly(marks, integer_digits=6, ratio=Decimal(12000))

    assert [(str(run.month), run.run, run.months, run.rolled_over) for run in runs] == [
        (month, None if run is None else Decimal(run), months, rolled) for month, run, months, rolled in expected
    ]
