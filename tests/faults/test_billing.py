"""Billing misbehaves while people send; what they were told stays true, and it has each reading once (BILL-01).

`./run test` takes a fifth of the faults, another one with each commit; `./run deep billing` takes all.
"""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from tests.deep import count, share
from tests.faults.demo import LOOKS, SECONDS_TO_COME_BACK, wait_for
from tests.faults.people import Ledger
from tests.faults.truth import untruths, wait_for_calm

pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("demo"), pytest.mark.spec("BILL-01", "BILL-02")]

# What misbehaves, and whether it makes billing send batches that the portal has to refuse whole.
FAULTS = [
    ("unavailable", False),
    ("garbage", True),
    ("schema_changed", True),
    ("wrong_contract", True),
    ("answer_twice", False),
    ("no_acknowledgement", False),
]
PEOPLE = 3
SENDS = count(gate=4, deep=40)
REFUSED = "SELECT count(*) AS rows FROM exchange_message WHERE kind = 'batch' AND answer->>'outcome' = 'refused'"
ANSWERED = "SELECT count(*) AS rows FROM readings_submission WHERE state = 'taken' AND key = ANY(%s)"


@pytest.fixture(scope="module")
def crowd(newcomer):
    """People for all faults, with one ledger of what they were told."""
    ledger = Ledger()
    return ledger, [newcomer(ledger) for _ in range(PEOPLE)]


@contextmanager
def fault_of_billing(demo, kind):
    """Switch a fault on for as long as the block runs."""
    switch = f"{demo.sandbox}/billing/w/faults"
    LOOKS.post(switch, json={"kind": kind}).raise_for_status()
    try:
        yield
    finally:
        LOOKS.post(switch, json={"kind": "none"}).raise_for_status()


@contextmanager
def slow_billing(demo, *, seconds):
    switch = f"{demo.sandbox}/billing/w/settings"
    LOOKS.post(switch, json={"automatic": True, "delay_seconds": seconds}).raise_for_status()
    try:
        yield
    finally:
        LOOKS.post(switch, json={"automatic": True, "delay_seconds": 2}).raise_for_status()


def send_some(person):
    """Send and correct the readings; return the keys that were acknowledged."""
    told = []
    for turn in range(SENDS):
        register, showed = sorted(person.registers.items())[turn % len(person.registers)]
        told.append(person.send(register, person.next_value(register, showed)).key)
    return told


def sent_by(people):
    with ThreadPoolExecutor(PEOPLE) as pool:
        return [key for keys in pool.map(send_some, people) for key in keys]


@pytest.mark.parametrize(("kind", "sends_rubbish"), share(FAULTS))
def test_readings_wait_while_billing_misbehaves_and_reach_it_once(shaken_demo, crowd, figures, kind, sends_rubbish):
    ledger, people = crowd
    wait_for_calm(shaken_demo)
    refused = shaken_demo.ask(REFUSED)[0]["rows"]

    with fault_of_billing(shaken_demo, kind):
        keys = sent_by(people)
        archive = people[0].browser.get("/w/readings/archive/")
        if sends_rubbish:
            wait_for(lambda: shaken_demo.ask(REFUSED)[0]["rows"] > refused, seconds=SECONDS_TO_COME_BACK)
        taken = shaken_demo.ask(ANSWERED, keys)[0]["rows"]
    wait_for_calm(shaken_demo)

    figures(faults_of_billing=1, acknowledged=len(keys))
    assert "Данные обновлены в" in archive.text
    if sends_rubbish or kind == "unavailable":
        assert taken == 0
    assert untruths(shaken_demo, ledger) == []
    assert ledger.faults == []


def test_slow_billing_keeps_nobody_waiting(shaken_demo, crowd, figures):
    """Readings are acknowledged at once, however long billing thinks; they stand as passed on meanwhile."""
    ledger, people = crowd
    with slow_billing(shaken_demo, seconds=15):
        began = time.monotonic()
        keys = sent_by(people)
        took = time.monotonic() - began
        taken = shaken_demo.ask(ANSWERED, keys)[0]["rows"]
        wait_for_calm(shaken_demo)

    figures(faults_of_billing=1, acknowledged=len(keys))
    assert taken == 0 or took > 15
    assert untruths(shaken_demo, ledger) == []
    assert ledger.faults == []
