"""How passwords are hashed."""

import contextlib
import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from django.contrib.auth.hashers import Argon2PasswordHasher

# Pages go before a password where there is one processor for both (TRUST 9).
POLITENESS: Final = 5


def _step_back() -> None:
    if sys.platform == "linux":  # elsewhere a thread has no priority of its own
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), POLITENESS)


# One at a time in a process: a crowd that signs in waits for itself, and leaves the processors to the pages.
_ASIDE: Final = ThreadPoolExecutor(max_workers=1, thread_name_prefix="passwords", initializer=_step_back)


class PortalArgon2(Argon2PasswordHasher):
    """Argon2id at the figures OWASP names: a tenth of the cost of Django's default, so that a crowd can sign in."""

    time_cost = 2
    memory_cost = 19_456
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        encoded: str = _ASIDE.submit(super().encode, password, salt).result()
        return encoded

    def verify(self, password: str, encoded: str) -> bool:
        is_right: bool = _ASIDE.submit(super().verify, password, encoded).result()
        return is_right
