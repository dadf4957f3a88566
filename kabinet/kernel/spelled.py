"""Sums of money in Russian words, as acts and invoices have to print them."""

from decimal import Decimal
from typing import Final

from kabinet.kernel.money import to_kopecks

_ONES: Final = ("", "один", "два", "три", "четыре", "пять", "шесть", "семь", "восемь", "девять", "десять",
    "одиннадцать", "двенадцать", "тринадцать", "четырнадцать", "пятнадцать", "шестнадцать", "семнадцать",
    "восемнадцать", "девятнадцать")  # fmt: skip
_FEMININE: Final = {1: "одна", 2: "две"}
_TENS: Final = ("", "", "двадцать", "тридцать", "сорок", "пятьдесят", "шестьдесят", "семьдесят", "восемьдесят",
    "девяносто")  # fmt: skip
_HUNDREDS: Final = ("", "сто", "двести", "триста", "четыреста", "пятьсот", "шестьсот", "семьсот", "восемьсот",
    "девятьсот")  # fmt: skip
# One, two to four, five and more; thousands are feminine.
_RANKS: Final = (
    ("", "", ""),
    ("тысяча", "тысячи", "тысяч"),
    ("миллион", "миллиона", "миллионов"),
    ("миллиард", "миллиарда", "миллиардов"),
)
_ROUBLES: Final = ("рубль", "рубля", "рублей")
_KOPECKS: Final = ("копейка", "копейки", "копеек")
_LARGEST: Final = Decimal(10) ** (3 * len(_RANKS))


def spell_money(amount: Decimal) -> str:
    """Write «пятьдесят две тысячи триста сорок пять рублей 67 копеек»; a ValueError for what no bill holds."""
    if not 0 <= amount < _LARGEST:
        raise ValueError("only sums from zero up to a trillion are spelled")
    roubles, kopecks = divmod(int(to_kopecks(amount) * 100), 100)
    return f"{_spell(roubles)} {_form(roubles, _ROUBLES)} {kopecks:02d} {_form(kopecks, _KOPECKS)}"


def _spell(number: int) -> str:
    if number == 0:
        return "ноль"
    words: list[str] = []
    for rank in reversed(range(len(_RANKS))):
        three = number // 1000**rank % 1000
        if three:
            words += _spell_three(three, is_feminine=rank == 1)
            words += [_form(three, _RANKS[rank])] if rank else []
    return " ".join(words)


def _spell_three(number: int, *, is_feminine: bool) -> list[str]:
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10) if rest >= len(_ONES) else (0, rest)
    last = _FEMININE.get(ones, _ONES[ones]) if is_feminine else _ONES[ones]
    return [word for word in (_HUNDREDS[hundreds], _TENS[tens], last) if word]


def _form(number: int, forms: tuple[str, str, str]) -> str:
    """Choose among «рубль», «рубля», «рублей»."""
    if number % 100 in range(11, 15):
        return forms[2]
    return {1: forms[0], 2: forms[1], 3: forms[1], 4: forms[1]}.get(number % 10, forms[2])
