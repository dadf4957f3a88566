"""The disk under the database and the files is full while people send: pages for people, and it heals by itself.

`./run deep disk` runs it on a disk of its own; what the gate looks at stands in tests/tickets/test_full_disk.py.
"""

import os
import time
from dataclasses import replace
from functools import partial

import pytest

from tests.deep import IS_DEEP
from tests.faults.acts import asking, sending
from tests.faults.demo import SECONDS_TO_COME_BACK, is_whole, small_disk, started_demo, wait_for
from tests.faults.people import Ledger, Person
from tests.faults.truth import untruths, wait_for_calm

pytestmark = [
    pytest.mark.faults,
    pytest.mark.xdist_group("demo"),
    pytest.mark.skipif(not IS_DEEP, reason="a disk and a demo of its own: ./run deep disk"),
]

# A demo takes a third of it; starting one asks for a part of it to be free.
DISK = "1500m"
PIECE = b"\0" * (1 << 20)
# How long people go on sending on a full disk: what the database has in store for its log has to be used up.
SECONDS_WITHOUT_ROOM = 60
QUESTIONS = 5


@pytest.fixture(scope="module")
def cramped_demo():
    with small_disk(DISK) as disk, started_demo(disk) as demo:
        yield demo


def fill(disk):
    """Take all the room that is left; return the file that took it."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as out:
        try:
            while True:
                out.write(PIECE)
        except OSError:
            pass
    # What is freed in the meantime is taken, too.
    with ballast.open("ab", buffering=0) as out:
        while os.statvfs(disk).f_bavail:
            try:
                out.write(b"\0" * 4096)
            except OSError:
                break
    return ballast


def test_full_disk_is_a_page_and_nothing_that_was_acknowledged_is_lost(cramped_demo, figures):
    demo, ledger = cramped_demo, Ledger()
    water = next(provider for provider in demo.logins["providers"] if provider["tag"] == "W")
    free = [one for one in water["unlinked"] if one["window"] == "open" and one["meters"] and not one["shows"]]
    person = Person(demo, ledger, free.pop)
    person.sign_up()
    person.link(free.pop())
    question, sent = asking(person), [sending(person)]
    ballast = fill(demo.folder.parent)
    told: list[bool] = []
    until = time.monotonic() + SECONDS_WITHOUT_ROOM
    try:
        while time.monotonic() < until:
            # More questions an hour than this are refused on purpose.
            if len(told) < QUESTIONS:
                told.append(question.press(person))
            told.append(sent[-1].press(person))
            if told[-1]:
                sent.append(sending(person))
    finally:
        ballast.unlink()
    wait_for(lambda: is_whole(demo), seconds=SECONDS_TO_COME_BACK)
    acts = [question, *sent]
    for act in acts:
        person.until_told(partial(act.press, person), what=act.path)
    wait_for_calm(demo)

    figures(pressed_without_room=len(told), refused_without_room=told.count(False), faults=len(ledger.faults))
    assert told.count(False) > 0
    assert ledger.faults == []
    assert [act.counted(demo) for act in acts] == [dict.fromkeys(act.once, 1) for act in acts]
    assert untruths(demo, replace(ledger, acknowledged=[])) == []
    assert demo.files() == demo.files_with_rows()
    demo.manage("audit_invariants", "--files")
