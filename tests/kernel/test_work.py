"""Proof of work: what proves it and what does not."""

import pytest

from kabinet.kernel.work import find_proof, is_proof


@pytest.mark.spec("READ-18")
@pytest.mark.parametrize("bits", [1, 8, 12])
def test_what_was_found_proves_the_work(bits):
    assert is_proof("challenge", find_proof("challenge", bits=bits), bits=bits)


@pytest.mark.parametrize(
    ("nonce", "is_right"),
    [
        ("12450", True),
        ("12451", False),
        ("", False),
        ("-12450", False),
        ("012450", False),
        ("1" * 21, False),
        ("٣", False),
    ],
)
def test_another_number_proves_nothing(nonce, is_right):
    # Found by the script of the page (30-proof.js) for this challenge.
    assert is_proof("abc:def-_" * 9, nonce, bits=12) is is_right


def test_proof_of_one_challenge_is_none_of_another():
    nonce = find_proof("one", bits=12)

    assert not is_proof("two", nonce, bits=12)
