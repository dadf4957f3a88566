"""Proofs that somebody is no robot: a challenge of ours that was worked upon, or a code that a mailbox has shown.

Both are signed and carried by the page, so that asking for them stores nothing; each is good once and for a while.
"""

import secrets
from datetime import timedelta
from typing import Final

from django.core import signing
from django.utils.crypto import salted_hmac

from kabinet.infra import limits
from kabinet.infra.limits import Limit, LimitReached
from kabinet.kernel.work import is_proof

LIVES: Final = timedelta(minutes=30)
CODE_DIGITS: Final = 6
_WORK: Final = "kabinet.infra.proofs.work"
_CODE: Final = "kabinet.infra.proofs.code"
# Remembered for longer than a challenge lives: what was used once is not taken again.
_USED: Final = Limit("proof_used", 1, LIVES * 2)
# A mailbox was shown once: a mistyped number does not ask for another letter.
_USES_OF_A_CODE: Final = Limit("proof_code_used", 3, LIVES * 2)
_WRONG_CODES: Final = Limit("proof_wrong_codes", 5, LIVES * 2)


def new_challenge(purpose: str, *, bits: int) -> str:
    """Return a challenge that the page carries; how hard it is is signed with it."""
    return signing.dumps([purpose, bits, secrets.token_urlsafe(12)], salt=_WORK)


def is_worked(challenge: str, nonce: str, *, purpose: str) -> bool:
    """Use the challenge up and say whether its work was done; a foreign, late or used one proves nothing."""
    try:
        given, bits, _ = signing.loads(challenge, salt=_WORK, max_age=LIVES)
    except (signing.BadSignature, ValueError):
        return False
    return given == purpose and is_proof(challenge, nonce, bits=bits) and _is_left(_USED, challenge)


def new_code() -> str:
    return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"


def sealed(code: str, *, purpose: str) -> str:
    """Return what the page carries of a code that has gone to a mailbox: it tells the code to nobody."""
    salt = secrets.token_urlsafe(12)
    return signing.dumps([purpose, salt, _mark(code, salt)], salt=_CODE)


def is_code(seal: str, code: str, *, purpose: str) -> bool:
    """Say whether this is the code of the seal, three times at the most; after five tries the seal is worth nothing."""
    try:
        given, salt, mark = signing.loads(seal, salt=_CODE, max_age=LIVES)
        limits.spend(_WRONG_CODES, seal)
    except (signing.BadSignature, ValueError, LimitReached):
        return False
    is_right = given == purpose and secrets.compare_digest(mark, _mark(code, salt))
    return is_right and _is_left(_USES_OF_A_CODE, seal)


def _mark(code: str, salt: str) -> str:
    return salted_hmac(_CODE, f"{salt} {code}", algorithm="sha256").hexdigest()


def _is_left(limit: Limit, token: str) -> bool:
    try:
        limits.spend(limit, token)
    except LimitReached:
        return False
    return True
