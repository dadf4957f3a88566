"""Which passwords keep strangers out."""

import unicodedata
from collections.abc import Collection

from kabinet.accounts.values import PasswordProblem

_FEW_SIGNS = 2
_RUSSIAN_KEYS = str.maketrans("йцукенгшщзхъфывапролджэячсмитьбюё", "qwertyuiop[]asdfghjkl;'zxcvbnm,.`")


def normal_password(raw: str) -> str:
    """Write the password so that two keyboards that type the same signs give the same one."""
    return unicodedata.normalize("NFKC", raw)


def password_problem(
    raw: str, *, min_length: int, own: Collection[str], common: Collection[str]
) -> PasswordProblem | None:
    """Say why the password is refused; `own` are words that anybody knows of the person, None means that it is good."""
    password = normal_password(raw).casefold()
    if len(password) < min_length:
        return PasswordProblem.TOO_SHORT
    if password.isdigit():
        return PasswordProblem.ONLY_DIGITS
    if len(set(password)) <= _FEW_SIGNS:
        return PasswordProblem.ONE_SIGN
    if password in common or password.translate(_RUSSIAN_KEYS) in common:
        return PasswordProblem.COMMON
    if password in {normal_password(word).casefold() for word in own}:
        return PasswordProblem.OWN_DATA
    return None
