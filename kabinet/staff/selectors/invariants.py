"""What no single constraint can say and SQL can count again (docs/invariants.md): each finding is a contract and a row.

The answers are ids alone: whoever reads them has no business with names.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.db import connection
from psycopg import sql

from kabinet.billing.selectors import recounting
from kabinet.infra import storage
from kabinet.infra.models import StoredFile
from kabinet.infra.verdicts import ScanState
from kabinet.staff.selectors.recount import (
    OF_EVENTS,
    OF_PEOPLE,
    OF_PERIODS,
    OF_RIGHTS,
    OF_TICKETS,
    Finding,
    Recount,
)


@dataclass(frozen=True, slots=True)
class _Sent:
    """A table of what was sent, and where its effects stand."""

    table: str
    place: str
    place_table: str
    event: str
    act: str
    listed: str

    def within(self, statement: str) -> sql.Composed:
        names = {"table": self.table, "place": self.place, "place_table": self.place_table}
        facts = {"event": self.event, "act": self.act, "listed": self.listed}
        return sql.SQL(statement).format(
            **{name: sql.Identifier(value) for name, value in names.items()},
            **{name: sql.Literal(value) for name, value in facts.items()},
        )


SENT: Final = (
    _Sent("readings_submission", "register_id", "contracts_register", "readings.sent", "readings.sent", "submissions"),
    _Sent(
        "readings_sewagevolume", "point_id", "contracts_supplypoint", "readings.volume_sent", "readings.volumes_sent",
        "volumes",
    ),
)  # fmt: skip
OF_SENT: Final = (
    Recount(
        "I3",
        "a correction names the row of its place and month that it put aside",
        """
        SELECT s.contract_id, s.id FROM {table} s
        LEFT JOIN {table} c ON c.contract_id = s.contract_id AND c.id = s.corrects
             AND c.{place} = s.{place} AND c.month = s.month AND c.state = 'superseded'
        WHERE s.corrects IS NOT NULL AND c.id IS NULL
        """,
    ),
    Recount(
        "I7",
        "what was sent stands in the feed once",
        """
        SELECT s.contract_id, s.id FROM {table} s
        LEFT JOIN infra_event e ON e.kind = {event} AND e.payload ->> 'submission' = s.id::text
        GROUP BY s.contract_id, s.id HAVING count(e.uid) <> 1
        """,
    ),
    Recount(
        "I30",
        "what was sent stands in the audit",
        """
        SELECT s.contract_id, s.id FROM {table} s
        LEFT JOIN (
            SELECT jsonb_array_elements_text(a.after -> {listed}) AS id FROM infra_auditrow a WHERE a.act = {act}
        ) told ON told.id = s.id::text
        WHERE told.id IS NULL
        """,
    ),
    Recount(
        "I34",
        "what was sent, its place and its contract are one provider's and one contract's",
        """
        SELECT s.contract_id, s.id FROM {table} s
        JOIN contracts_contract c ON c.id = s.contract_id JOIN {place_table} p ON p.id = s.{place}
        WHERE s.provider_id <> c.provider_id OR p.contract_id <> s.contract_id
        """,
    ),
)
OF_READINGS: Final = (
    Recount(
        "I5",
        "an effective reading is below the one before it only by a roll-over or its sender's word",
        """
        SELECT s.contract_id, s.id FROM readings_submission s
        WHERE s.state IN ('sent', 'passed', 'taken') AND s.value < s.previous
        AND NOT s.rolls_over AND s.confirmed = '[]'::jsonb
        """,
    ),
    Recount(
        "I7",
        "an accepted reading that names what was sent names a row that was taken",
        """
        SELECT r.contract_id, r.id FROM readings_reading r
        LEFT JOIN readings_submission s ON s.contract_id = r.contract_id AND s.id = r.submission_id
             AND s.register_id = r.register_id AND s.month = r.month
        WHERE r.submission_id IS NOT NULL AND s.id IS NULL
        """,
    ),
)

_SUMS_OF_LINES: Final = """
    SELECT b.contract_id, b.id FROM billing_balance b
    LEFT JOIN (
        SELECT contract_id, month, resource,
               sum(amount) FILTER (WHERE kind NOT IN ('recalculation', 'penalty')) AS charged,
               sum(amount) FILTER (WHERE kind = 'recalculation') AS recalculated,
               sum(amount) FILTER (WHERE kind = 'penalty') AS penalty
        FROM billing_charge GROUP BY contract_id, month, resource
    ) c USING (contract_id, month, resource)
    WHERE (b.charged, b.recalculated, b.penalty)
          <> (coalesce(c.charged, 0), coalesce(c.recalculated, 0), coalesce(c.penalty, 0))
"""
OF_MONEY: Final = (
    Recount(
        "I13",
        "a month opens with what the month before it left",
        """
        SELECT contract_id, id FROM (
            SELECT contract_id, id, opening,
                   lag(closing) OVER (PARTITION BY contract_id, resource ORDER BY month) AS left_
            FROM billing_balance
        ) b WHERE opening <> left_
        """,
    ),
    Recount("I13", "lines of a month add up to what its balance says was charged", _SUMS_OF_LINES),
    Recount(
        "I13",
        "payments of a month add up to what its balance says was paid",
        """
        SELECT b.contract_id, b.id FROM billing_balance b
        LEFT JOIN (
            SELECT contract_id, month, resource, sum(amount) AS paid FROM billing_payment GROUP BY 1, 2, 3
        ) p USING (contract_id, month, resource)
        WHERE b.paid <> coalesce(p.paid, 0)
        """,
    ),
    Recount(
        "I13",
        "nothing was charged or paid in a month that has no balance",
        """
        SELECT contract_id, id FROM (
            SELECT contract_id, id, month, resource FROM billing_charge
            UNION ALL SELECT contract_id, id, month, resource FROM billing_payment
        ) m WHERE NOT EXISTS (
            SELECT FROM billing_balance b
            WHERE b.contract_id = m.contract_id AND b.month = m.month AND b.resource = m.resource)
        """,
    ),
    Recount(
        "I34",
        "money and its contract are one provider's",
        """
        SELECT m.contract_id, m.id FROM (
            SELECT contract_id, id, provider_id FROM billing_charge
            UNION ALL SELECT contract_id, id, provider_id FROM billing_payment
            UNION ALL SELECT contract_id, id, provider_id FROM billing_balance
        ) m LEFT JOIN contracts_contract c ON c.id = m.contract_id
        WHERE c.provider_id IS DISTINCT FROM m.provider_id
        """,
    ),
)


def recounts() -> Iterator[tuple[Recount, list[Finding]]]:
    """Count everything again: each recount with what it found."""
    for recount in (*OF_READINGS, *OF_MONEY, *OF_PEOPLE, *OF_PERIODS, *OF_TICKETS, *OF_EVENTS, *OF_RIGHTS):
        yield recount, _found(sql.SQL(recount.statement))
    for recount in OF_SENT:
        yield recount, [finding for sent in SENT for finding in _found(sent.within(recount.statement))]


def broken_files() -> Iterator[Finding]:
    """Read every stored file and yield those whose bytes are gone or changed (I26)."""
    for stored in StoredFile.objects.exclude(scan=ScanState.INFECTED).order_by("pk").iterator():
        if not storage.is_whole(stored):
            yield Finding(None, stored.pk)


def miscounted_charges() -> Iterator[Finding]:
    """Count every charge again from the values that it kept and yield those that come to other kopecks."""
    return itertools.starmap(Finding, recounting.miscounted())


def _found(statement: sql.SQL | sql.Composed) -> list[Finding]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return [Finding(*row) for row in cursor.fetchall()]
