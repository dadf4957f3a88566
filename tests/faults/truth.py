"""What the database and the billing system hold, against what people were told."""

from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from tests.faults.demo import TODAY, Demo, wait_for
from tests.faults.people import Ledger

MONTH: Final = TODAY[:7] + "-01"
SECONDS_TO_CALM: Final = 120
FINAL: Final = frozenset({"taken", "refused", "superseded"})

SUBMISSIONS: Final = """
    SELECT s.id::text, s.key, s.contract_id::text AS contract, s.register_id::text AS register, s.value, s.month::text,
           s.state, s.corrects::text, u.email
    FROM readings_submission s JOIN accounts_user u ON u.id = s.actor_id WHERE s.contract_id::text = ANY(%s)
    ORDER BY s.sent_at, s.id
"""
EVENTS: Final = """
    SELECT payload->>'submission' AS submission, payload->>'value' AS value, seq
    FROM infra_event WHERE kind = 'readings.sent' AND payload->>'submission' = ANY(%s)
"""
AUDIT: Final = """
    SELECT submission FROM infra_auditrow, jsonb_array_elements_text(after->'submissions') AS submission
    WHERE act = 'readings.sent' AND submission = ANY(%s)
"""
DOUBLE_EFFECTIVE: Final = """
    SELECT register_id, month FROM readings_submission WHERE state IN ('sent', 'passed', 'taken')
    GROUP BY contract_id, register_id, month HAVING count(*) > 1
"""


def wait_for_calm(demo: Demo, *, seconds: float = SECONDS_TO_CALM) -> None:
    """Wait until the relay has numbered everything and billing has answered for it."""

    def is_calm() -> bool:
        waiting = demo.ask(
            """
            SELECT (SELECT count(*) FROM infra_event WHERE seq IS NULL) AS unnumbered,
                   (SELECT count(*) FROM readings_submission WHERE state IN ('sent', 'passed')) AS unanswered
            """
        )
        return waiting == [{"unnumbered": 0, "unanswered": 0}]

    wait_for(is_calm, seconds=seconds)


def untruths(demo: Demo, ledger: Ledger) -> list[str]:
    """Return everything in which the database or billing differs from what people were told."""
    # Whatever lies under their contracts, so that what nobody sent is seen, too.
    stored = demo.ask(SUBMISSIONS, sorted({told.contract for told in ledger.acknowledged}))
    ids = [row["id"] for row in stored]
    return [
        *_of_acknowledged(ledger, stored),
        *_of_corrections(stored),
        *_once("event", [row["submission"] for row in demo.ask(EVENTS, ids)], ids),
        *_once("audit row", [row["submission"] for row in demo.ask(AUDIT, ids)], ids),
        *_of_numbers(demo),
        *_of_billing(demo, stored),
    ]


def _of_acknowledged(ledger: Ledger, stored: list[dict[str, Any]]) -> Iterator[str]:
    """I1, I2: each is there once, with the same value, register, month and author."""
    by_key: dict[str, list[dict[str, Any]]] = {}
    for row in stored:
        by_key.setdefault(row["key"], []).append(row)
    for told in ledger.acknowledged:
        rows = by_key.get(told.key, [])
        if not rows:
            yield f"lost: {told}"
            continue
        row = rows[0]
        is_same = (row["contract"], row["register"], int(row["value"]), row["month"], row["email"]) == (
            told.contract, told.register, told.value, MONTH, told.email,
        )  # fmt: skip
        if not is_same:
            yield f"{told} is kept as {row}"
    for key in by_key.keys() - ledger.tried:
        yield f"nobody sent {by_key[key]}"
    for key, rows in by_key.items():
        if len(rows) > 1:
            yield f"doubled: {key} was done {len(rows)} times"


def _of_corrections(stored: list[dict[str, Any]]) -> Iterator[str]:
    """I3: of a register, each one corrects the one before it, and only the last is effective."""
    last: dict[str, dict[str, Any]] = {}
    for row in stored:
        before = last.get(row["register"])
        if row["corrects"] != (before["id"] if before else None) and (not before or before["state"] != "refused"):
            yield f"{row} does not correct {before}"
        if before and before["state"] not in {"superseded", "refused"}:
            yield f"{before} was corrected and stayed {before['state']}"
        last[row["register"]] = row


def _once(what: str, found: list[str], ids: list[str]) -> Iterator[str]:
    times = Counter(found)
    for id_ in ids:
        if times[id_] != 1:
            yield f"submission {id_} has {times[id_]} {what}s"


def _of_numbers(demo: Demo) -> Iterator[str]:
    """I4, I31: one effective reading a register and month; numbers of events without gaps."""
    for row in demo.ask(DOUBLE_EFFECTIVE):
        yield f"two effective readings: {row}"
    for row in demo.ask("SELECT count(*) AS events, max(seq) AS last, count(DISTINCT seq) AS numbers FROM infra_event"):
        if not row["events"] == row["last"] == row["numbers"]:
            yield f"numbers of events have gaps: {row}"


def _of_billing(demo: Demo, stored: list[dict[str, Any]]) -> Iterator[str]:
    """I7: billing has each once, with its value, and nothing that was not sent."""
    contracts = sorted({row["contract"] for row in stored})
    names = demo.ask("SELECT external_id FROM contracts_contract WHERE id::text = ANY(%s)", contracts)
    marks = ", ".join("?" * len(names))
    received = demo.billing(
        f"SELECT id, value, state FROM submission WHERE slug = 'w' AND contract IN ({marks})",
        *(row["external_id"] for row in names),
    )
    yield from _once("entry in billing's book", [row["id"] for row in received], [row["id"] for row in stored])
    values = {row["id"]: int(row["value"]) for row in stored}
    for row in received:
        if values.get(row["id"]) != int(float(row["value"])):
            yield f"billing has {row['id']} with {row['value']}, sent was {values.get(row['id'])}"
        if row["state"] not in FINAL:
            yield f"billing left {row['id']} {row['state']}"
