"""The key digit that ties a bank account to its bank (Bank of Russia, order 515 of 08.09.1997)."""

import re
from enum import StrEnum

from kabinet.kernel.digits import without_spaces
from kabinet.kernel.identifiers.checked import Checked, Fault, accepted, refused
from kabinet.kernel.identifiers.codes import Code, check_code
from kabinet.kernel.lookalikes import to_latin

_LETTERS = "ABCEHKMPTX"
_ACCOUNT = re.compile(f"[0-9]{{5}}[0-9{_LETTERS}][0-9]{{14}}")
_LETTER_PLACE = 5
_KEY_PLACE = 8
_WEIGHTS = (7, 1, 3)
# The last digits of a settlement centre of the Bank of Russia, which has no number of its own.
_SETTLEMENT_CENTRES = ("000", "001", "002")


class AccountKind(StrEnum):
    SETTLEMENT = "settlement"
    CORRESPONDENT = "corr"


def check_account(account: str, *, bic: str, kind: AccountKind = AccountKind.SETTLEMENT) -> Checked:
    """Check that the account's key digit fits the bank."""
    bank = check_code(Code.BIC, bic)
    if bank.normalized is None:
        return refused(Fault.BIC_FORMAT)
    # The letter of a clearing currency is printed in either alphabet.
    number = to_latin(without_spaces(account))
    if _ACCOUNT.fullmatch(number) is None or not number.strip("0"):
        return refused(Fault.ACCOUNT_FORMAT)
    if _control_sum(_prefix(bank.normalized, kind) + _as_digits(number)) % 10:
        return refused(Fault.KEY)
    return accepted(number, kind=kind)


def with_key_digit(account: str, *, bic: str, kind: AccountKind = AccountKind.SETTLEMENT) -> str:
    """Return the account with the key digit (the ninth) that fits the bank."""
    blank = f"{account[:_KEY_PLACE]}0{account[_KEY_PLACE + 1 :]}"
    key = _control_sum(_prefix(bic, kind) + _as_digits(blank)) * 3 % 10
    return f"{account[:_KEY_PLACE]}{key}{account[_KEY_PLACE + 1 :]}"


def _prefix(bic: str, kind: AccountKind) -> str:
    if kind is AccountKind.CORRESPONDENT or bic.endswith(_SETTLEMENT_CENTRES):
        return f"0{bic[4:6]}"
    return bic[-3:]


def _as_digits(account: str) -> str:
    sign = account[_LETTER_PLACE]
    if sign not in _LETTERS:
        return account
    return f"{account[:_LETTER_PLACE]}{_LETTERS.index(sign)}{account[_LETTER_PLACE + 1 :]}"


def _control_sum(digits: str) -> int:
    return sum(int(digit) * _WEIGHTS[place % 3] % 10 for place, digit in enumerate(digits))
