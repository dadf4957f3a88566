from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kabinet.readings.rules import mistakes
from kabinet.readings.rules.mistakes import judge, swapped_registers, verdict
from kabinet.readings.values import Acceptance, Dial, Limits, Mistake, TypedReading

pytestmark = pytest.mark.spec("READ-09")

WATER = Dial(integer_digits=5, fraction_digits=3)
POWER = Dial(integer_digits=5, fraction_digits=1)
DIALS = st.builds(Dial, st.integers(4, 8), st.integers(0, 3))
TYPED = st.text(alphabet="0123456789,. -", max_size=12)
AMOUNTS = st.integers(0, 2000).map(Decimal)


def judged(raw, *, previous, dial=WATER, limit="30"):
    before = None if previous is None else Decimal(previous)
    return judge(raw, dial=dial, previous=before, limit=Decimal(limit))


def shown(raw, *, previous="231", dial=WATER, usual="30", physical="2160", is_open=True):
    limits = Limits(Decimal(usual), Decimal(physical) if physical else None)
    before = None if previous is None else Decimal(previous)
    return verdict(raw, dial=dial, previous=before, limits=limits, is_open=is_open)


@pytest.mark.parametrize(
    ("raw", "previous", "limit", "dial", "code", "suggest"),
    [
        # A new meter with all its digits typed: what is too long for the dial is never numbers of the dial.
        ("00000233", "0", "30", WATER, "decimals_entered", "00000"),
        ("0000233", "231", "30", WATER, "too_many_digits", "00233"),
        ("9999999", "231", "30", WATER, "too_many_digits", None),
        ("9" * 5000, "231", "30", WATER, "too_many_digits", None),
        ("233123", "231", "30", Dial(5, 0), "too_many_digits", None),
        ("233123", "231", "30", WATER, "decimals_entered", "00233"),
        ("231", "231.000", "0", WATER, "zero_consumption", None),
        ("231", "231.999", "30", WATER, "zero_consumption", None),
        ("232", "231", "0", WATER, "consumption_too_high", None),
        ("230", "231", "0", WATER, "less_than_previous", None),
        ("2310", "231", "0", WATER, "decimals_entered", "00231"),
        ("2310", "231", "0", Dial(5, 0), "consumption_too_high", None),
        ("0", "231", "30", WATER, "less_than_previous", None),
        ("0", "99990", "30", WATER, "rollover_suspected", None),
        ("20", "99990", "30", WATER, "rollover_suspected", None),
        # The volume itself carries the dial over its end.
        ("21", "99990", "30", WATER, "volume_instead_of_reading", "00011"),
        ("30", "231", "30", WATER, "volume_instead_of_reading", "00261"),
        ("31", "231", "30", WATER, "less_than_previous", None),
        ("5", None, "30", WATER, "ok", None),
        # One zero too many and a red digit: 02331 would be another mistake.
        ("0002331", "231", "30", WATER, "too_many_digits", None),
        ("00233123", None, "30", WATER, "decimals_entered", "00233"),
        ("000233123", None, "30", WATER, "too_many_digits", None),
        ("0000233", None, "30", Dial(5, 1), "too_many_digits", "00233"),
    ],
)
def test_mistake_is_named_with_the_likely_value(raw, previous, limit, dial, code, suggest):
    judgement = judged(raw, previous=previous, limit=limit, dial=dial)

    assert (judgement.code, judgement.suggest) == (code, suggest)


@pytest.mark.parametrize("raw", ["NaN", "Infinity", "1e3", "+5", "12,", "４６８０", ",5"])
def test_what_is_no_plain_number_is_refused(raw):
    judgement = judged(raw, previous="0", limit="2000")

    assert (judgement.code, judgement.accept, judgement.value) == (Mistake.NOT_A_NUMBER, Acceptance.NO, None)


@pytest.mark.spec("READ-09", "READ-10")
@pytest.mark.parametrize(
    ("raw", "previous", "code", "value", "suggest"),
    [
        ("1520,15", "1500", "ok", "001520.15", None),
        ("1520.15", "1500", "ok", "001520.15", None),
        ("1520,1", "1500", "ok", "001520.10", None),
        ("1520,150", "1500", "ok", "001520.15", None),
        ("1520,155", "1500", "too_many_decimals", None, "001520.15"),
        ("12345,68", "12345.67", "ok", "012345.68", None),
        ("12345,67", "12345.67", "zero_consumption", "012345.67", None),
        ("12345,66", "12345.67", "less_than_previous", "012345.66", None),
        # The comma was left out: the digits behind it come back to their place.
        ("152015", "1500", "decimals_entered", "152015.00", "001520.15"),
        ("00152015", "1500", "decimals_entered", None, "001520.15"),
        ("0,1", "999999.90", "rollover_suspected", "000000.10", None),
        ("4,5", "1500.25", "volume_instead_of_reading", "000004.50", "001504.75"),
        ("1234567,8", "1500", "too_many_digits", None, None),
        ("1234567,855", "1500", "too_many_decimals", None, None),
    ],
)
def test_register_behind_a_transformer_is_read_with_its_fraction(raw, previous, code, value, suggest):
    found = judged(raw, previous=previous, dial=Dial(6, 2, takes_fraction=True), limit="100")

    assert (found.code, found.value, found.suggest) == (code, value, suggest)
    assert not found.warnings


def test_limit_may_have_a_fraction():
    assert judged("269", previous="231", limit="38.25").code is Mistake.OK
    assert judged("270", previous="231", limit="38.25").code is Mistake.CONSUMPTION_TOO_HIGH


@given(TYPED, DIALS, st.one_of(st.none(), AMOUNTS), AMOUNTS)
def test_suggestion_is_another_number_that_the_dial_can_show(raw, dial, previous, limit):
    judgement = judge(raw, dial=dial, previous=previous, limit=limit)

    assert judgement.suggest is None or (len(judgement.suggest) == dial.integer_digits and judgement.suggest != raw)
    assert judgement.suggest is None or judgement.suggest != judgement.value


@given(DIALS, AMOUNTS, AMOUNTS)
def test_reading_within_the_limit_is_never_questioned(dial, previous, run):
    current = previous + run
    if current >= dial.capacity:
        return

    judgement = judge(str(current), dial=dial, previous=previous, limit=run)

    assert judgement.code in {Mistake.OK, Mistake.ZERO_CONSUMPTION}
    assert judgement.consumption == run


@given(DIALS, AMOUNTS, st.integers(0, 50), st.integers(0, 999))
def test_typed_red_digits_are_found_or_fit_as_they_are(dial, previous, run, red):
    if not dial.fraction_digits or previous + run >= dial.capacity:
        return
    whole = str(previous + run).zfill(dial.integer_digits)
    raw = whole + str(red).zfill(3)[: dial.fraction_digits]

    judgement = judge(raw, dial=dial, previous=previous, limit=Decimal(50))

    assert judgement.code is Mistake.DECIMALS_ENTERED
    assert previous <= Decimal(judgement.suggest) <= previous + 50


@given(TYPED, DIALS, st.one_of(st.none(), AMOUNTS), AMOUNTS)
def test_verdict_blocks_only_what_cannot_be_a_reading(raw, dial, previous, limit):
    found = verdict(raw, dial=dial, previous=previous, limits=Limits(limit))

    assert found.may_be_sent is (found.value is not None)
    assert found.may_be_sent is (found.shown is not None)


@pytest.mark.parametrize(
    ("raw", "blocking", "suggestions"),
    [
        ("", "empty", ()),
        ("-5", "negative", ()),
        ("2З3", "not_a_number", ()),
        ("9999999", "too_many_digits", ()),
        ("233123", "decimals_entered", ("00233",)),
        ("00233123", "decimals_entered", ("00233",)),
    ],
)
def test_number_that_the_dial_cannot_show_blocks(raw, blocking, suggestions):
    found = shown(raw)

    assert (found.blocking, found.to_confirm, found.suggestions) == ((blocking,), (), suggestions)
    assert not found.may_be_sent


@pytest.mark.parametrize(
    ("raw", "previous", "to_confirm", "consumption", "suggestions"),
    [
        ("2334", "231", "decimals_entered", 2103, ("00233",)),
        ("1231", "231", "consumption_too_high", 1000, ()),
        ("230", "231", "less_than_previous", -1, ()),
        ("6", "120", "volume_instead_of_reading", -114, ("00126",)),
        ("12", "99987", "rollover_suspected", 25, ()),
    ],
)
def test_doubtful_reading_is_confirmed_and_may_be_sent(raw, previous, to_confirm, consumption, suggestions):
    found = shown(raw, previous=previous)

    assert (found.blocking, found.to_confirm, found.hints) == ((), (to_confirm,), ())
    assert (found.consumption, found.suggestions) == (consumption, suggestions)
    assert found.may_be_sent


def test_good_reading_is_shown_padded_with_its_consumption():
    found = shown("7", previous="3")

    assert (found.shown, found.value, found.consumption) == ("00007", 7, 4)
    assert (found.blocking, found.to_confirm, found.hints, found.suggestions) == ((), (), (), ())


def test_zero_and_dropped_fraction_are_only_told():
    found = shown("231,4")

    assert found.hints == (Mistake.ZERO_CONSUMPTION, Mistake.FRACTION_DROPPED)
    assert (found.blocking, found.to_confirm) == ((), ())


def test_value_beyond_the_physical_limit_blocks_and_keeps_the_offer():
    found = shown("23341")

    assert found.blocking == (Mistake.BEYOND_PHYSICAL_LIMIT,)
    assert (found.to_confirm, found.hints) == ((), (Mistake.DECIMALS_ENTERED,))
    assert found.suggestions == ("00233",)


def test_physical_limit_itself_is_possible():
    assert shown(str(231 + 2160)).may_be_sent
    assert not shown(str(231 + 2161)).may_be_sent


def test_closed_window_blocks_a_good_reading():
    assert shown("233", is_open=False).blocking == (Mistake.WINDOW_CLOSED,)


def test_swapped_zones_are_found():
    day = TypedReading(Decimal(5188), previous=Decimal(10234), limit=Decimal(500), dial=POWER)
    night = TypedReading(Decimal(10311), previous=Decimal(5120), limit=Decimal(500), dial=POWER)
    peak = TypedReading(Decimal(7044), previous=Decimal(7001), limit=Decimal(500), dial=POWER)

    assert swapped_registers([day, peak, night]) == [(0, 2)]


def test_zones_that_fit_as_they_stand_are_left_alone():
    day = TypedReading(Decimal(105), previous=Decimal(100), limit=Decimal(500), dial=POWER)
    night = TypedReading(Decimal(110), previous=Decimal(100), limit=Decimal(500), dial=POWER)

    assert swapped_registers([day, night]) == []


@given(
    raw=st.one_of(TYPED, st.integers(0, 10**9).map(str), st.integers(0, 3000).map(lambda n: str(n).zfill(5))),
    dial=st.builds(Dial, st.integers(3, 8), st.integers(0, 3), st.booleans()),
    previous=st.none() | st.decimals(0, 3000, places=2),
    usual=AMOUNTS,
    physical=st.none() | AMOUNTS,
    is_open=st.booleans(),
)
def test_glance_says_what_looking_for_every_mistake_says(raw, dial, previous, usual, physical, is_open):
    limits = Limits(usual, physical)

    at_a_glance = verdict(raw, dial=dial, previous=previous, limits=limits, is_open=is_open)

    assert at_a_glance == mistakes.judged(raw, dial=dial, previous=previous, limits=limits, is_open=is_open)


def test_ordinary_reading_is_seen_at_a_glance(monkeypatch):
    monkeypatch.setattr(mistakes, "judged", None)

    assert shown("243").value == 243
