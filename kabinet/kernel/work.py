"""Proof of work: a number that is dear to find and cheap to check, which keeps scripts that try numbers slow.

The browser looks for a `nonce` so that SHA-256 of «challenge:nonce» begins with so many zero bits
(web/frontend/scripts/30-proof.js does it); each bit doubles the search.
"""

import hashlib
from typing import Final

LONGEST_NONCE: Final = 20
_DIGEST_BITS: Final = 256


def is_proof(challenge: str, nonce: str, *, bits: int) -> bool:
    """Say whether the nonce proves the work; anything but a plain number of sensible length proves nothing."""
    if not nonce.isascii() or not nonce.isdigit() or len(nonce) > LONGEST_NONCE:
        return False
    digest = hashlib.sha256(f"{challenge}:{nonce}".encode()).digest()
    return int.from_bytes(digest, "big").bit_length() <= _DIGEST_BITS - bits


def find_proof(challenge: str, *, bits: int) -> str:
    """Do the work; for tests and benches, people's browsers do it by themselves."""
    nonce = 0
    while not is_proof(challenge, str(nonce), bits=bits):
        nonce += 1
    return str(nonce)
