"""Sums in words."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kabinet.kernel.spelled import spell_money


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "ноль рублей 00 копеек"),
        ("0.01", "ноль рублей 01 копейка"),
        ("1", "один рубль 00 копеек"),
        ("2.02", "два рубля 02 копейки"),
        ("5.11", "пять рублей 11 копеек"),
        ("11.21", "одиннадцать рублей 21 копейка"),
        ("14", "четырнадцать рублей 00 копеек"),
        ("21", "двадцать один рубль 00 копеек"),
        ("100", "сто рублей 00 копеек"),
        ("111", "сто одиннадцать рублей 00 копеек"),
        ("1000", "одна тысяча рублей 00 копеек"),
        ("2001", "две тысячи один рубль 00 копеек"),
        ("12000", "двенадцать тысяч рублей 00 копеек"),
        ("52345.67", "пятьдесят две тысячи триста сорок пять рублей 67 копеек"),
        ("1000000", "один миллион рублей 00 копеек"),
        ("2000022.5", "два миллиона двадцать два рубля 50 копеек"),
        ("5000000000", "пять миллиардов рублей 00 копеек"),
        ("1.005", "один рубль 01 копейка"),
    ],
)
def test_sum_is_spelled(amount, words):
    assert spell_money(Decimal(amount)) == words


@pytest.mark.parametrize("amount", ["-0.01", "1000000000000"])
def test_what_no_bill_holds_is_refused(amount):
    with pytest.raises(ValueError, match="trillion"):
        spell_money(Decimal(amount))


@given(st.integers(0, 10**12 - 1))
def test_every_sum_has_its_own_words_and_one_space_between_them(roubles):
    words = spell_money(Decimal(roubles))

    assert words == " ".join(words.split())
    assert words != spell_money(Decimal((roubles + 1) % 10**12))
