"""What billing takes, and why it does not take the rest."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from kabinet.kernel.periods import Month
from sandbox.billing.rules import objection, volume_objection
from sandbox.billing.values import SENTENCES, Dial, Kind, Known, Reason, Sent

DIAL = Dial(
    id="r",
    contract="c",
    integer_digits=5,
    limit_per_day=Decimal(10),
    verification_due=date(2027, 1, 1),
    valid_from=date(2020, 1, 1),
    valid_to=None,
)
PREVIOUS = Known(Decimal(231), date(2026, 9, 9))
SENT = Sent(
    id="s",
    kind=Kind.READING,
    contract="c",
    place="r",
    month=Month(2026, 10),
    value=Decimal(240),
    taken_on=date(2026, 10, 9),
    rolls_over=False,
)


@pytest.mark.spec("BILL-02")
@pytest.mark.parametrize(
    ("value", "previous", "rolls_over", "reason"),
    [
        ("240", "231", False, None),
        ("231", "231", False, None),
        ("231", "231.900", False, None),
        ("531", "231", False, None),
        ("532", "231", False, Reason.BEYOND_PHYSICAL_LIMIT),
        ("230", "231", False, Reason.BELOW_PREVIOUS),
        ("12", "99987", False, Reason.BELOW_PREVIOUS),
        ("12", "99987", True, None),
        ("12", "90000", True, Reason.BEYOND_PHYSICAL_LIMIT),
        ("99999", "99990", False, None),
        ("100000", "99990", False, Reason.TOO_MANY_DIGITS),
    ],
)
def test_value_against_previous(value: str, previous: str, rolls_over: Any, reason: Reason | None) -> None:
    sent = replace(SENT, value=Decimal(value), rolls_over=rolls_over)
    known = replace(PREVIOUS, value=Decimal(previous))

    assert objection(sent, dial=DIAL, previous=known) is reason


def test_first_reading_has_nothing_to_fall_below() -> None:
    assert objection(replace(SENT, value=Decimal(0)), dial=DIAL, previous=None) is None


@pytest.mark.parametrize(
    ("due", "reason"), [(date(2026, 10, 10), None), (date(2026, 10, 9), Reason.VERIFICATION_EXPIRED), (None, None)]
)
def test_verification_counts_from_its_day(due: date | None, reason: Reason | None) -> None:
    assert objection(SENT, dial=replace(DIAL, verification_due=due), previous=PREVIOUS) is reason


@pytest.mark.parametrize(
    ("valid_to", "reason"), [(date(2026, 10, 10), None), (date(2026, 10, 9), Reason.METER_REMOVED), (None, None)]
)
def test_removed_meter(valid_to: date | None, reason: Reason | None) -> None:
    assert objection(SENT, dial=replace(DIAL, valid_to=valid_to), previous=PREVIOUS) is reason


def test_register_of_another_contract_is_unknown() -> None:
    assert objection(replace(SENT, contract="other"), dial=DIAL, previous=PREVIOUS) is Reason.UNKNOWN_REGISTER
    assert objection(SENT, dial=None, previous=PREVIOUS) is Reason.UNKNOWN_REGISTER


def test_unlimited_register_takes_any_rise() -> None:
    sent = replace(SENT, value=Decimal(99_999))

    assert objection(sent, dial=replace(DIAL, limit_per_day=None), previous=PREVIOUS) is None


def test_every_reason_has_a_sentence_that_fits_the_exchange() -> None:
    assert set(SENTENCES) == set(Reason)
    assert all(len(sentence) <= 300 for sentence in SENTENCES.values())


@pytest.mark.parametrize(
    ("value", "contract", "reason"),
    [
        ("0", "c", None),
        ("50000", "c", None),
        ("50000.001", "c", Reason.VOLUME_TOO_LARGE),
        ("1", "other", Reason.UNKNOWN_POINT),
        ("1", None, Reason.UNKNOWN_POINT),
    ],
)
def test_volume(value: str, contract: str | None, reason: Reason | None) -> None:
    sent = replace(SENT, kind=Kind.VOLUME, place="p", value=Decimal(value))

    assert volume_objection(sent, contract=contract) is reason
