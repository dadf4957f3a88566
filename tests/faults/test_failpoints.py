"""A process dies at a named point; the same form pressed again makes it one act, whole (TRUST 1, 2).

`./run test` takes some of the points, others with each commit; `./run deep failpoints` takes all.
"""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from email import message_from_bytes
from functools import cache, partial

import pytest

from tests.deep import IS_DEEP, SEED, share
from tests.faults.acts import ACTS
from tests.faults.acts_elsewhere import ACTS_OF_BUSINESS, ACTS_OF_FLATS
from tests.faults.demo import SECONDS_TO_COME_BACK, is_up, wait_for
from tests.faults.people import Ledger, Person
from tests.faults.points import dying_at
from tests.faults.truth import untruths, wait_for_calm

pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("demo")]

SENDING = "kabinet.readings.services.sending._under_locks"
ASKING = "kabinet.tickets.services.asking._ask"
LINKING = "kabinet.contracts.services.linking._link"
READINGS = "kabinet.readings.services"
ROLES = "kabinet.contracts.services.roles"
USE_CASES = {
    "asking": ASKING,
    "linking": LINKING,
    "keeping": f"{READINGS}.drafts.save",
    "sending a volume": f"{READINGS}.volumes.submit",
    "keeping a volume": f"{READINGS}.volumes.save",
    "sending for a flat": f"{READINGS}.household._submit",
    "giving a role": f"{ROLES}._grant",
    "changing a role": f"{ROLES}._grant",
    "taking a role": f"{ROLES}.revoke_role",
    "choosing a file": f"{READINGS}.files.choose",
    "discarding a file": f"{READINGS}.files.discard",
    "sending a file": f"{READINGS}.files.send",
    "confirming a file": f"{READINGS}.files.confirm",
    "withdrawing a file": f"{READINGS}.withdrawing.withdraw",
}
# Where the web process dies, and which acts are there afterwards without another press.
WEB = [
    ("sending", "before readings.stored", 0),
    ("sending", "after readings.stored", 1),
    *(
        (name, f"{place} {use_case}", there)
        for name, use_case in USE_CASES.items()
        for place, there in (("before", 0), ("inside", 0), ("after", 1))
        # A doubtful reading raises what the next one of its meter is judged by: one confirmation is all there is.
        if name != "confirming a file" or place == "inside"
    ),
    *((name, point, 0) for name in ("asking", "choosing a file") for point in ("inside file", "between file and row")),
]
# Each death takes some seconds: the gate has another eighth of them with each commit.
SHARE_OF_WEB = 8
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


@pytest.fixture(scope="module")
def known(shaken_demo):
    """Return one of the demonstration's people, signed in once."""

    @cache
    def signed_in(slug, email):
        users = (user for provider in shaken_demo.logins["providers"] for user in provider["users"]
                 if (provider["slug"], user["email"]) == (slug, email))  # fmt: skip
        person = Person(shaken_demo, Ledger(), None)
        person.sign_in(slug, next(users))
        return person

    return signed_in


@pytest.fixture(scope="module")
def doer(maria, known):
    """Return who does an act, and the act as he does it."""

    def found(name):
        if name in ACTS_OF_BUSINESS:
            person = known("b", "energo@example.com")
        elif name in ACTS_OF_FLATS:
            person = known("p", "dom@example.com")
        else:
            person = known("w", "buh@example.com") if name.endswith("volume") else maria
        return person, (ACTS | ACTS_OF_FLATS | ACTS_OF_BUSINESS)[name](person)

    return found


@pytest.mark.spec("READ-01", "READ-03", "READ-04", "READ-08", "READ-12", "ROLE-04", "ROLE-05", "REQ-03", "CON-01")
@pytest.mark.parametrize(("name", "point", "there"), WEB if IS_DEEP else WEB[SEED % SHARE_OF_WEB :: SHARE_OF_WEB])
def test_web_process_dies_there_and_another_press_makes_it_one_act(shaken_demo, doer, figures, name, point, there):
    person, act = doer(name)
    with dying_at(shaken_demo, point) as fired:
        assert not pressed_into_death(act, person, fired)
    left = act.counted(shaken_demo)

    person.until_told(lambda: act.press(person), what=name)

    figures(deaths=1)
    assert set(left.values()) == {there}
    assert act.counted_in_the_end(shaken_demo) == dict.fromkeys(act.once | act.later, 1)
    assert act.has_its_letters(shaken_demo)
    assert person.ledger.faults == []


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
