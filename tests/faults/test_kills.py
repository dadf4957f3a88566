"""Processes die at any moment, and every acknowledged reading is there once (TRUST 1, 2, 9).

`./run test` kills twenty, `./run deep kills` two hundred over twenty thousand sendings.
"""

import os
import random
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor, wait
from threading import Event

import pytest

from tests.deep import IS_DEEP, SEED, count
from tests.faults.demo import SECONDS_TO_COME_BACK, is_whole, wait_for
from tests.faults.kills import is_killed, kill_at_random, kill_one, nothing_comes_back
from tests.faults.people import SEND, USUAL
from tests.faults.truth import untruths, wait_for_calm

pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("demo")]

KILLS = count(gate=20, deep=200)
SENDS = count(gate=20, deep=20_000)
CLIENTS = int(os.environ.get("KABINET_CLIENTS") or count(gate=6, deep=12))
# A deep run is a crowd; in the gate people look at the page before each sending.
PAUSE_SECONDS = 0.0 if IS_DEEP else 0.2
SENDS_A_PAGE = 10 if IS_DEEP else 1


def say(what):
    """Leave a line for whoever reads a failed run, or follows a long one by -s."""
    sys.stdout.write(f"{what}\n")


def send_until(stopped, person, seed):
    """Send and correct one's readings again and again; each one is pressed until it is acknowledged."""
    chance = random.Random(seed)
    sent, body = Counter(), {}
    while not stopped.is_set():
        register, showed = chance.choice(sorted(person.registers.items()))
        # The next value of a register always differs: an equal one would be no new act.
        value = showed + 1 + sent[register] % USUAL
        is_new_page = sent.total() % SENDS_A_PAGE == 0
        body = person.fill_in(register, value) if is_new_page else person.fill_in_again(body, register, value)
        person.send(register, value, body=body)
        sent[register] += 1
        time.sleep(chance.uniform(0, PAUSE_SECONDS))
    return sent.total()


def paced(acknowledged):
    """Return what waits before a kill until its part of the sendings is there, so that all of them are shaken."""
    return lambda place: wait_for(lambda: acknowledged() >= SENDS * place / KILLS, seconds=SECONDS_TO_COME_BACK)


@pytest.mark.spec("READ-03", "BILL-01", "BILL-02")
def test_every_acknowledged_reading_outlives_the_kills(shaken_demo, ledger, customer, figures):
    with ThreadPoolExecutor(CLIENTS) as pool:
        people = list(pool.map(lambda _: customer(), range(CLIENTS)))
    stopped = Event()
    pace = paced(lambda: len(ledger.acknowledged))
    say(f"seed {SEED}: {KILLS} kills, {CLIENTS} clients")

    with ThreadPoolExecutor(CLIENTS) as pool:
        senders = [pool.submit(send_until, stopped, person, f"{SEED} {place}") for place, person in enumerate(people)]
        try:
            for killed in kill_at_random(shaken_demo, count=KILLS, seed=SEED, pace=pace):
                say(f"{killed}, {len(ledger.acknowledged)} acknowledged")
            wait_for(lambda: len(ledger.acknowledged) >= SENDS, seconds=SECONDS_TO_COME_BACK)
        finally:
            stopped.set()
        wait(senders)
    say(f"{len(ledger.acknowledged)} acknowledged, answers: {dict(ledger.answers)}, faults: {ledger.faults[:5]}")
    acts = [sender.result() for sender in senders]
    wait_for(lambda: is_whole(shaken_demo), seconds=SECONDS_TO_COME_BACK)
    wait_for_calm(shaken_demo, seconds=SECONDS_TO_COME_BACK + SENDS / 50)
    found = untruths(shaken_demo, ledger)
    figures(
        kills=KILLS,
        acknowledged=len(ledger.acknowledged),
        pressed_again=sum(told.tries - 1 for told in ledger.acknowledged),
        lost=sum(untruth.startswith("lost") for untruth in found),
        doubled=sum(untruth.startswith("doubled") for untruth in found),
        untruths=len(found),
        faults=len(ledger.faults),
    )

    assert found == []
    assert ledger.faults == []
    assert sum(acts) == len(ledger.acknowledged) >= SENDS


@pytest.mark.spec("READ-03")
def test_reply_that_was_lost_is_the_first_one_again(shaken_demo, ledger, customer):
    """The web process dies after the commit and before the reply; the same form gets the first result."""
    person = customer()
    (register, showed), *_ = person.registers.items()
    body = person.fill_in(register, showed + 3)
    stored = "SELECT count(*) AS rows FROM readings_submission WHERE key = %s"
    key = body[f"key-{person.contract}"]

    with shaken_demo.database() as connection, ThreadPoolExecutor(1) as pool:
        # The sight of a session is noted after the act and before the answer: held here, the answer has to wait.
        connection.execute("UPDATE accounts_session SET seen_at = seen_at - interval '1 hour'")
        connection.commit()
        connection.execute("SELECT FROM accounts_session FOR UPDATE")
        lost = pool.submit(person.press, body)
        wait_for(lambda: shaken_demo.ask(stored, key)[0]["rows"])
        for worker in shaken_demo.web_workers():
            is_killed(worker)
        assert lost.result(timeout=SECONDS_TO_COME_BACK) is None
        connection.rollback()
    told = person.until_told(lambda: person.press(body, 2), what="the first result")

    assert told.value == showed + 3
    assert shaken_demo.ask(stored, key) == [{"rows": 1}]
    assert ledger.faults == []


@pytest.mark.spec("READ-03")
def test_database_that_is_down_is_a_page_and_leaves_nothing_behind(shaken_demo, ledger, customer):
    """While it is away a form is answered by 503 and its page; once it is back every page opens, and at once."""
    person = customer()
    (register, showed), *_ = person.registers.items()
    body = person.fill_in(register, showed + 3)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: person.browser.get(SEND), range(40)))

    with nothing_comes_back(shaken_demo):
        kill_one(shaken_demo, "database", random.Random(SEED))
        with ThreadPoolExecutor(3) as pool:
            answers = list(pool.map(lambda _: person.press(body), range(3)))
    shaken_demo.ask("SELECT 1")
    wait_for(lambda: person.browser.get(SEND).is_success, seconds=SECONDS_TO_COME_BACK)
    afterwards = Counter(person.browser.get(SEND).status_code for _ in range(30))
    told = person.until_told(lambda: person.press(body), what="the reading")

    assert answers == [None, None, None]
    assert ledger.answers["503"] == 3
    assert ledger.faults == []
    assert afterwards == {200: 30}
    assert told.value == showed + 3
