"""Proofs that somebody is no robot: signed, for one purpose, once, for a while."""

import pytest
from django.core import signing

from kabinet.infra import proofs
from kabinet.kernel.work import find_proof

pytestmark = [pytest.mark.django_db, pytest.mark.spec("READ-18")]


@pytest.fixture
def challenge():
    return proofs.new_challenge("test", bits=8)


def test_work_is_good_once(challenge):
    nonce = find_proof(challenge, bits=8)

    assert [proofs.is_worked(challenge, nonce, purpose="test") for _ in range(2)] == [True, False]


def test_work_of_another_purpose_is_none(challenge):
    assert not proofs.is_worked(challenge, find_proof(challenge, bits=8), purpose="other")


def test_challenge_that_is_not_ours_proves_nothing(challenge):
    easier = signing.dumps(["test", 1, "x"], salt="somebody else")

    assert not proofs.is_worked(easier, find_proof(easier, bits=1), purpose="test")


def test_late_challenge_proves_nothing(challenge, monkeypatch):
    nonce = find_proof(challenge, bits=8)
    later = signing.time.time() + proofs.LIVES.total_seconds() + 1
    monkeypatch.setattr(signing.time, "time", lambda: later)

    assert not proofs.is_worked(challenge, nonce, purpose="test")


def test_wrong_work_leaves_the_challenge_good(challenge):
    assert not proofs.is_worked(challenge, "", purpose="test")
    assert proofs.is_worked(challenge, find_proof(challenge, bits=8), purpose="test")


def test_code_is_good_three_times_and_its_seal_does_not_tell_it():
    seal = proofs.sealed("123456", purpose="test")

    assert "123456" not in str(signing.loads(seal, salt="kabinet.infra.proofs.code"))
    assert [proofs.is_code(seal, "123456", purpose="test") for _ in range(4)] == [True, True, True, False]


def test_after_five_tries_a_seal_is_worth_nothing():
    seal = proofs.sealed("123456", purpose="test")
    for code in ("000000", "000001", "000002", "000003", "000004"):
        assert not proofs.is_code(seal, code, purpose="test")

    assert not proofs.is_code(seal, "123456", purpose="test")


def test_code_of_another_seal_opens_nothing():
    seal = proofs.sealed("123456", purpose="test")

    assert not proofs.is_code(proofs.sealed("654321", purpose="test"), "123456", purpose="test")
    assert not proofs.is_code(seal, "123456", purpose="other")
