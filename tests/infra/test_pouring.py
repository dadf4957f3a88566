"""Text is copied by a thread of its own, which takes shorter turns than others do."""

import sys
from contextlib import suppress

import pytest

from kabinet.infra.staging import PourerAhead

pytestmark = pytest.mark.spec("BILL-01")


def test_threads_take_their_usual_turns_again_after_a_load_that_fails() -> None:
    usual = sys.getswitchinterval()

    with suppress(LookupError), PourerAhead():
        shorter = sys.getswitchinterval()
        raise LookupError

    assert shorter < usual
    assert sys.getswitchinterval() == usual
