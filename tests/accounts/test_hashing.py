"""Passwords are hashed one at a time, by a thread that steps back before the pages (TRUST 9)."""

import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher

from kabinet.accounts import backends
from kabinet.accounts.backends import PortalArgon2


def test_password_is_right_or_wrong():
    encoded = PortalArgon2().encode("correct horse", "somesalt1234")

    assert PortalArgon2().verify("correct horse", encoded)
    assert not PortalArgon2().verify("wrong horse", encoded)


def test_crowd_that_signs_in_is_hashed_one_at_a_time(monkeypatch):
    at_work, most, threads = [], [], set()

    def verify(_self, _password, _encoded):
        at_work.append(1)
        most.append(len(at_work))
        threads.add(threading.get_ident())
        threading.Event().wait(0.002)
        at_work.pop()
        return True

    monkeypatch.setattr(Argon2PasswordHasher, "verify", verify)
    with ThreadPoolExecutor(8) as crowd:
        told = list(crowd.map(lambda _: PortalArgon2().verify("a", "b"), range(24)))

    assert all(told)
    assert max(most) == 1
    assert len(threads) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="threads have priorities of their own on Linux alone")
def test_hashing_steps_back_before_pages():
    theirs = backends._ASIDE.submit(lambda: os.getpriority(os.PRIO_PROCESS, threading.get_native_id())).result()
    ours = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    assert theirs == min(backends.POLITENESS, 19) > ours
