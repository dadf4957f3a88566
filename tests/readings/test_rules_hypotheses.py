"""What may lie behind a doubtful reading, the likeliest first."""

from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kabinet.readings.rules.hypotheses import hypotheses
from kabinet.readings.values import Dial, Limits
from kabinet.readings.values.causes import Cause, TypedRow

pytestmark = pytest.mark.spec("READ-09")

SHORT_POWER = Dial(integer_digits=4, fraction_digits=1)
POWER = Dial(integer_digits=5, fraction_digits=1)
WATER = Dial(integer_digits=5, fraction_digits=3)
DAY, NIGHT, KITCHEN, BATH = (UUID(int=number) for number in range(1, 5))
AMOUNTS = st.integers(0, 2000).map(Decimal)


def row(raw, *, previous, dial=POWER, limit="1000", physical="100000", of=DAY, meter=DAY, **known):
    limits = Limits(Decimal(limit), Decimal(physical))
    before = None if previous is None else Decimal(previous)
    facts = {name: Decimal(value) if name != "zone" else value for name, value in known.items()}
    return TypedRow(of, meter, raw, dial, before, limits, **facts)


def told(*rows, of=DAY):
    """Return causes and offered values, the likeliest first."""
    found = hypotheses(rows).get(of, ())
    return [(one.cause, [offer.value for offer in one.offers]) for one in found]


@pytest.mark.parametrize(
    ("raw", "previous", "dial", "limit", "likeliest"),
    [
        # The tables of the manual, chapter 4.2.
        ("46801", "4580", SHORT_POWER, "1000", (Cause.FRACTION_TYPED, ["4680"])),
        ("46801", "4580", POWER, "1000", (Cause.ZERO_LOST, ["04680"])),
        ("28356", "2635", POWER, "1000", (Cause.ZERO_LOST, ["02835"])),
        ("6", "120", WATER, "20", (Cause.VOLUME_TYPED, ["00126"])),
        ("233123", "231", WATER, "30", (Cause.ZERO_LOST, ["00233"])),
        ("00233123", "231", WATER, "30", (Cause.FRACTION_TYPED, ["00233"])),
        ("1352", "1234", POWER, "100", (Cause.DIGITS_SWAPPED, ["01325"])),
        ("01523", "1234", POWER, "100", (Cause.DIGITS_SWAPPED, ["01253"])),
        ("12", "99987", WATER, "30", (Cause.ROLLED_OVER, [])),
        ("7000", "4580", POWER, "1000", (Cause.TRULY_HIGH, [])),
    ],
)
def test_likeliest_cause_stands_first(raw, previous, dial, limit, likeliest):
    assert told(row(raw, previous=previous, dial=dial, limit=limit))[0] == likeliest


def test_volume_that_is_also_a_reading_is_no_doubt():
    assert told(row("7", previous="3", dial=WATER, limit="20")) == []


def test_high_reading_may_always_be_true():
    assert told(row("46801", previous="4580"))[-1] == (Cause.TRULY_HIGH, [])
    assert told(row("46801", previous="4580", physical="10800")) == [(Cause.ZERO_LOST, ["04680"])]


def test_reading_below_may_show_that_the_previous_one_was_wrong():
    assert told(row("4700", previous="5680", earlier="4580", limit="300")) == [(Cause.PREVIOUS_DOUBTFUL, [])]
    assert told(row("4500", previous="5680", earlier="4580", limit="300")) == []


def test_explanation_nearest_to_usual_consumption_comes_first():
    """Both drops fit the limit; two red digits leave what the family usually takes."""
    two_red = Dial(integer_digits=5, fraction_digits=2)
    near = {"previous": "2300", "dial": two_red, "limit": "25000", "physical": "999999"}

    assert told(row("243100", usual="131", **near))[0] == (Cause.ZERO_LOST, ["02431"])
    assert told(row("243100", usual="22010", **near))[0] == (Cause.FRACTION_TYPED, ["24310"])


def test_zones_that_changed_places_are_put_back_together():
    day = row("5188", previous="10234", limit="500", zone="day")
    night = row("10311", previous="5120", limit="500", zone="night", of=NIGHT)

    assert told(day, night)[0] == (Cause.ZONES_SWAPPED, ["10311", "05188"])
    assert told(day, night, of=NIGHT)[0] == (Cause.ZONES_SWAPPED, ["10311", "05188"])


def test_meters_of_the_flat_that_changed_places_are_found():
    kitchen = row("00042", previous="120", dial=WATER, limit="20", of=KITCHEN, meter=KITCHEN)
    bath = row("00126", previous="36", dial=WATER, limit="20", of=BATH, meter=BATH)

    assert (Cause.METERS_SWAPPED, ["00126", "00042"]) in told(kitchen, bath, of=KITCHEN)
    assert told(kitchen, bath, of=BATH)[0] == (Cause.METERS_SWAPPED, ["00126", "00042"])


def test_meters_with_other_zones_cannot_be_mixed_up():
    single = row("5188", previous="10234", zone="single", of=KITCHEN, meter=KITCHEN)
    day = row("10311", previous="5120", zone="day", of=BATH, meter=BATH)

    assert Cause.METERS_SWAPPED not in [cause for cause, _ in told(single, day, of=KITCHEN)]


def test_two_zone_meters_change_places_whole():
    def pair(meter, day, night, *, previous):
        return [
            row(day, previous=previous[0], limit="300", zone="day", of=UUID(int=meter * 10), meter=UUID(int=meter)),
            row(night, previous=previous[1], limit="300", zone="night", of=UUID(int=meter * 10 + 1),
                meter=UUID(int=meter)),
        ]  # fmt: skip

    rows = [*pair(1, "7100", "3050", previous=("500", "200")), *pair(2, "612", "231", previous=("7000", "3000"))]

    assert told(*rows, of=UUID(int=10))[0] == (Cause.METERS_SWAPPED, ["00612", "07100", "00231", "03050"])


@pytest.mark.parametrize("raw", ["", "-5", "2З3", "12,", "4580", "5580", "5580,9"])
def test_what_fits_or_is_no_number_needs_no_explanation(raw):
    assert hypotheses([row(raw, previous="4580")]) == {}


def test_without_a_past_any_number_of_the_dial_fits():
    assert hypotheses([row("46801", previous=None)]) == {}
    assert told(row("468011", previous=None)) == []


@given(st.text(alphabet="0123456789", min_size=1, max_size=9), AMOUNTS, AMOUNTS)
def test_every_offer_is_a_usual_reading_of_the_dial(raw, previous, limit):
    typed = row(raw, previous=previous, limit=limit, earlier=0)

    for one in hypotheses([typed]).get(DAY, ()):
        for offer in one.offers:
            assert len(offer.value) == 5
            assert 0 <= offer.consumption <= limit
            assert (Decimal(offer.value) - previous) % 100000 == offer.consumption
