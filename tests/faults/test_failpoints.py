"""A process dies at a named point; the same form pressed again makes it one act, whole (TRUST 1, 2).

`./run test` takes a fifth of the points, another one with each commit; `./run deep failpoints` takes all.
"""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from email import message_from_bytes
from functools import partial

import pytest

from tests.deep import IS_DEEP, share
from tests.faults.acts import ACTS
from tests.faults.demo import SECONDS_TO_COME_BACK, is_up, wait_for
from tests.faults.people import Ledger
from tests.faults.points import dying_at
from tests.faults.truth import untruths, wait_for_calm

pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("demo")]

SENDING = "kabinet.readings.services.sending._under_locks"
ASKING = "kabinet.tickets.services.asking._ask"
LINKING = "kabinet.contracts.services.linking._link"
# Where the web process dies, and which acts are there afterwards without another press.
WEB = [
    ("sending", "before readings.stored", 0),
    ("sending", "after readings.stored", 1),
    ("asking", f"before {ASKING}", 0),
    ("asking", "inside file", 0),
    ("asking", "between file and row", 0),
    ("asking", f"inside {ASKING}", 0),
    ("asking", f"after {ASKING}", 1),
    ("linking", f"before {LINKING}", 0),
    ("linking", f"inside {LINKING}", 0),
    ("linking", f"after {LINKING}", 1),
]
WAITING = "SELECT count(*) AS rows FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND state = 'active'"
SWEEP = """
from datetime import timedelta
from kabinet.infra import clock, storage
storage.delete_orphans(before=clock.technical_now() + timedelta(days=1))
"""
# Where a process dies on the way of a reading to billing and back: the relay's, or the web's that billing speaks to.
WAY = [
    "inside relay: numbers",
    "after relay: numbers",
    "before relay: readings.note_refused_reading",
    "inside relay: readings.note_refused_reading",
    "after relay: readings.note_refused_reading",
    "inside kabinet.exchange.services.feed.acknowledge",
    "after kabinet.exchange.services.feed.acknowledge",
    "before kabinet.exchange.services.batches._take",
    "inside kabinet.exchange.services.batches._take",
    "after kabinet.exchange.services.batches._take",
]


@pytest.fixture(scope="module")
def maria(newcomer):
    """One person for all points: a sign-up for each would take longer than the deaths."""
    return newcomer(Ledger())


@pytest.mark.spec("READ-03", "REQ-03", "CON-01")
@pytest.mark.parametrize(("name", "point", "there"), share(WEB))
def test_web_process_dies_there_and_another_press_makes_it_one_act(shaken_demo, maria, figures, name, point, there):
    act = ACTS[name](maria)
    with dying_at(shaken_demo, point) as fired:
        assert not pressed_into_death(act, maria, fired)
    left = act.counted(shaken_demo)

    maria.until_told(lambda: act.press(maria), what=name)

    figures(deaths=1)
    assert set(left.values()) == {there}
    assert act.counted(shaken_demo) == dict.fromkeys(act.once, 1)
    assert maria.ledger.faults == []


@pytest.mark.spec("READ-03")
@pytest.mark.parametrize(("point", "there"), [(f"inside {SENDING}", 0), (f"after {SENDING}", 1)])
def test_sending_that_waited_for_a_lock_dies_and_another_press_makes_it_one_act(
    shaken_demo, maria, figures, point, there
):
    """Whose registers somebody holds goes the long way: a use case under locks."""
    act = ACTS["sending"](maria)
    with shaken_demo.database() as other, ThreadPoolExecutor(1) as pool, dying_at(shaken_demo, point):
        other.execute("SELECT FROM contracts_register WHERE contract_id = %s FOR UPDATE", [maria.contract])
        first = pool.submit(act.press, maria)
        wait_for(lambda: shaken_demo.ask(WAITING)[0]["rows"], seconds=SECONDS_TO_COME_BACK)
        other.rollback()
    left = act.counted(shaken_demo)["submission"]

    maria.until_told(lambda: act.press(maria), what="sending")

    figures(deaths=1)
    assert not first.result()
    assert left == there
    assert act.counted(shaken_demo) == dict.fromkeys(act.once, 1)
    assert maria.ledger.faults == []


@pytest.mark.spec("REQ-03")
def test_file_without_its_row_is_swept_and_a_row_without_its_file_never_is(shaken_demo, maria, figures):
    """The bytes of whoever died go by night; what the rows point at is there whole (I26)."""
    acts = []
    for point in ("inside file", "between file and row"):
        acts.append(ACTS["asking"](maria))
        with dying_at(shaken_demo, point) as fired:
            assert not pressed_into_death(acts[-1], maria, fired)
    alone = shaken_demo.files() - shaken_demo.files_with_rows()

    shaken_demo.manage("shell", "-c", SWEEP)
    for act in acts:
        maria.until_told(partial(act.press, maria), what="asking")

    figures(deaths=2)
    assert len(alone) >= 2
    assert any(name.endswith(".part") for name in alone)
    assert shaken_demo.files() == shaken_demo.files_with_rows()
    shaken_demo.manage("audit_invariants", "--files")


@pytest.mark.spec("BILL-01", "BILL-02")
@pytest.mark.parametrize("point", share(WAY))
def test_reading_reaches_billing_once_whoever_dies_on_the_way(shaken_demo, maria, figures, point):
    register, showed = max(maria.registers.items())
    with dying_at(shaken_demo, point):
        maria.send(register, maria.next_value(register, showed))
    wait_for(lambda: is_up(shaken_demo), seconds=SECONDS_TO_COME_BACK)

    wait_for_calm(shaken_demo)

    figures(deaths=1)
    # What is told of others is looked at by others.
    mine = replace(maria.ledger, acknowledged=[told for told in maria.ledger.acknowledged if told.register == register])
    assert [fault for fault in untruths(shaken_demo, mine) if "nobody sent" not in fault] == []
    assert maria.ledger.faults == []


@pytest.mark.skipif(not IS_DEEP, reason="what a dead worker held is taken up after a minute: ./run deep failpoints")
@pytest.mark.parametrize(
    ("point", "copies"), [("inside kabinet.infra.mail.send", 2), ("after kabinet.infra.mail.send", 1)]
)
def test_letter_of_a_worker_that_died_arrives(shaken_demo, maria, figures, point, copies):
    """Between the server's «accepted» and the commit it goes again, under the same Message-ID (docs/adr/0005)."""
    before = len(shaken_demo.letters(maria.email))
    with dying_at(shaken_demo, point):
        act = ACTS["asking"](maria)
        maria.until_told(lambda: act.press(maria), what="asking")

    wait_for(lambda: nothing_waits(shaken_demo), seconds=SECONDS_TO_COME_BACK)

    letters = shaken_demo.letters(maria.email)[before:]
    figures(deaths=1)
    assert len(letters) == copies
    assert len({message_from_bytes(letter)["Message-ID"] for letter in letters}) == 1


def pressed_into_death(act, person, fired):
    """Press until the process dies of it, since after the death before nobody may be there yet; say if one was told."""
    until = time.monotonic() + SECONDS_TO_COME_BACK
    while not (told := act.press(person)) and not fired.exists() and time.monotonic() < until:
        time.sleep(0.2)
    return told


def nothing_waits(demo):
    asked = """
        SELECT (SELECT count(*) FROM infra_outgoingletter WHERE refused_at IS NULL)
             + (SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing') AS rows
    """
    return demo.ask(asked)[0]["rows"] == 0
