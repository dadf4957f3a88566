from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kabinet.kernel.digits import (
    NumberProblem,
    TypedNumber,
    account_pad,
    meter_number_key,
    pad,
    parse_number,
    without_spaces,
)


@pytest.mark.parametrize(
    ("text", "whole", "fraction"),
    [
        ("233", "233", ""),
        ("00233", "00233", ""),
        ("233,4", "233", "4"),
        ("233.999", "233", "999"),
        ("4 680", "4680", ""),
        ("4\N{NO-BREAK SPACE}680", "4680", ""),
        ("4\N{NARROW NO-BREAK SPACE}680\u200b", "4680", ""),
        ("\t12\n", "12", ""),
        ("9" * 5000, "9" * 5000, ""),
    ],
)
def test_plain_number_is_read_with_its_zeros(text, whole, fraction):
    assert parse_number(text) == TypedNumber(whole, fraction)


@pytest.mark.parametrize("text", ["", " ", "\N{NO-BREAK SPACE}", "\u200b"])
def test_nothing_is_empty(text):
    assert parse_number(text) is NumberProblem.EMPTY


@pytest.mark.parametrize("text", ["-1", "- 4680", "\N{MINUS SIGN}5", "\N{EN DASH}5", "-0", "-.5"])
def test_minus_before_a_number_is_negative(text):
    assert parse_number(text) is NumberProblem.NEGATIVE


@pytest.mark.parametrize(
    "text", ["abc", "46S0", "О1", "12,", "12.", ",5", "1,2,3", "1.234,5", "12'345", "1_000", "5м3"]
)
@pytest.mark.parametrize("wrap", ["{}", " {} ", "{}\n"])
def test_slip_of_the_keyboard_is_not_a_number(text, wrap):
    assert parse_number(wrap.format(text)) is NumberProblem.NOT_A_NUMBER


@pytest.mark.parametrize("text", ["1e3", "+5", "NaN", "Infinity", "0x10", "-", "--5", "４６８０", "٤٦", "²", "½", "Ⅻ"])
def test_anything_else_is_not_a_number(text):
    assert parse_number(text) is NumberProblem.NOT_A_NUMBER


def test_fraction_is_dropped_and_not_rounded():
    typed = parse_number("233.999")

    assert isinstance(typed, TypedNumber)
    assert (typed.value, typed.whole_value) == (Decimal("233.999"), Decimal(233))


@given(
    st.integers(min_value=5, max_value=9).flatmap(lambda size: st.tuples(st.just(size), st.integers(0, 10**size - 1)))
)
def test_dial_text_is_read_back_as_the_same_number(sized):
    digits, number = sized

    shown = pad(number, digits)
    typed = parse_number(shown)

    assert len(shown) == digits
    assert isinstance(typed, TypedNumber)
    assert typed.value == number


@pytest.mark.parametrize(
    ("value", "digits", "shown"),
    [(Decimal("231.999"), 5, "00231"), (Decimal("1E+3"), 5, "01000"), (0, 4, "0000"), (99999, 5, "99999")],
)
def test_dial_shows_the_whole_part_with_zeros(value, digits, shown):
    assert pad(value, digits) == shown


@pytest.mark.parametrize("value", [-1, 100000, Decimal("1E+5")])
def test_dial_refuses_what_it_cannot_show(value):
    with pytest.raises(ValueError, match="dial"):
        pad(value, 5)


@pytest.mark.parametrize(
    ("number", "key"),
    [
        ("№011774", "11774"),
        ("11774", "11774"),
        ("АБ-0117-74", "11774"),
        ("000", "0"),
        ("б/н", ""),
        ("", ""),
        ("1²", "1"),
    ],
)
def test_meters_number_is_compared_by_its_digits(number, key):
    assert meter_number_key(number) == key


def test_account_gets_the_zeros_that_were_left_out():
    assert account_pad(" 12-345 ", 9) == "000012345"


@pytest.mark.parametrize("account", ["", "1234567890", "12a", "１２３"])
def test_account_that_is_none_is_refused(account):
    with pytest.raises(ValueError, match="account"):
        account_pad(account, 9)


@given(st.text())
def test_no_space_survives(text):
    assert not any(sign.isspace() for sign in without_spaces(text))


@given(st.text())
def test_any_text_gets_an_answer(text):
    answer = parse_number(text)

    assert isinstance(answer, NumberProblem | TypedNumber)
