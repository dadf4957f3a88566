"""When a code from a letter opens what it was made for."""

import hmac
import string
import unicodedata
from datetime import datetime, timedelta
from typing import Final

from kabinet.accounts.values import SecretValue

CODE_DIGITS: Final = 6
CODE_LIVES: Final = timedelta(minutes=30)
WRONG_TRIES: Final = 5


def code_opens(secret: SecretValue, *, given_hash: str, at: datetime) -> bool:
    """Say whether the code is the right one, still alive and not yet guessed at too often."""
    is_right = hmac.compare_digest(secret.secret_hash, given_hash)
    return is_right and at < secret.expires_at and secret.wrong_tries < WRONG_TRIES


def normal_code(text: str) -> str:
    """Drop what people put between the digits of a code."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", text) if sign in string.digits)
