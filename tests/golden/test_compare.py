"""The comparison itself must be able to fail."""

from decimal import Decimal

import pytest

from .compare import differences


@pytest.mark.parametrize(
    ("expected", "answer"),
    [
        ({"sum": "44"}, {"sum": Decimal("44.00"), "more": 1}),
        ({"sum": Decimal("0.2")}, {"sum": Decimal("0.20")}),
        ({"zones": [{"sum": 1}]}, {"zones": [{"sum": Decimal(1)}]}),
        ({"accept": True, "code": "ok"}, {"accept": True, "code": "ok"}),
    ],
)
def test_equal_answers_pass(expected, answer):
    assert list(differences(expected, answer)) == []


@pytest.mark.parametrize(
    ("expected", "answer"),
    [
        ({"sum": "44"}, {}),
        ({"sum": "44"}, {"sum": Decimal("44.01")}),
        ({"sum": "none"}, {"sum": Decimal(44)}),
        ({"value": "04680"}, {"value": "4680"}),
        ({"accept": True}, {"accept": 1}),
        ({"accept": False}, {"accept": "confirm"}),
        ({"total": 1}, {"total": True}),
        ({"zones": []}, {"zones": [1]}),
        ({"zones": {"T1": 1}}, {"zones": None}),
    ],
)
def test_other_answers_are_named(expected, answer):
    assert len(list(differences(expected, answer))) == 1
