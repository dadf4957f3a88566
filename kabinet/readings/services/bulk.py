"""Thousands of submissions in a few statements: staged by COPY, then written as a set, with an event each, in order.

What one statement of the page's sending does for a row, one statement does here for all: the fact columns, the
corrected submission put aside, the draft forgotten, billing told.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import connection
from psycopg import sql

from kabinet.infra import audit, ids
from kabinet.infra.db import step
from kabinet.infra.staging import fetch, run
from kabinet.kernel.actors import Actor
from kabinet.kernel.periods import Month
from kabinet.readings.models import FileRow, ReadingsFile
from kabinet.readings.values import Mistake
from kabinet.readings.values.files import Decided, FileLine, RowFate, Stand

# As the columns of a submission and of a file's row are wide.
_LONGEST_RAW: Final = 40
_LONGEST_FACTS: Final = 200
_STAGE: Final = """
CREATE TEMPORARY TABLE stage_submission (
    number integer, id uuid, register_id uuid, raw text, value numeric, previous numeric, rolls_over boolean,
    corrects uuid, confirmed jsonb, remarks jsonb, taken_on date) ON COMMIT DROP
"""
_STAGED_COLUMNS: Final = (
    "number", "id", "register_id", "raw", "value", "previous", "rolls_over", "corrects", "confirmed", "remarks",
    "taken_on",
)  # fmt: skip
_ROW_COLUMNS: Final = (
    "contract_id", "file_id", "number", "sheet", "row", "column", "point_code", "meter", "quantity", "zone", "raw",
    "flag", "register_id", "submission_id", "fate", "problems", "notes", "suggestions", "facts", "digits",
)  # fmt: skip
LINE_COLUMNS: Final = ("sheet", "row", "column", "point_code", "meter", "quantity", "zone", "raw", "flag")
_ESCAPED: Final = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\0": ""})
NULL: Final = "\\N"


@dataclass(frozen=True, slots=True)
class Sending:
    """What all rows of one sending share."""

    file: ReadingsFile
    month: Month
    by: Actor
    at: datetime
    today: date
    key: str

    @property
    def parameters(self) -> dict[str, Any]:
        contract = self.file.contract
        return {
            "contract": contract.pk,
            "contract_name": contract.external_id,
            "provider": contract.provider_id,
            "month": self.month.first,
            "month_name": str(self.month),
            "at": self.at,
            "at_name": self.at.isoformat(),
            "actor_kind": self.by.kind,
            "actor": self.by.id,
            "channel": self.by.channel,
            "key": self.key,
        }


@step
def store(sending: Sending, decided: Sequence[Decided], *, stands: Mapping[str, Stand]) -> None:
    """Insert what is to be sent, put the corrected aside, tell billing, and write the fates down."""
    sent = {row.number: ids.spelled() for row in decided if row.fate is RowFate.SENT}
    if sent:
        make_stage()
        rows = (row for row in decided if row.fate is RowFate.SENT)
        copy("stage_submission", _STAGED_COLUMNS, (_staged(row, sent, sending, stands=stands) for row in rows))
        send_staged(sending)
    if sending.file.round:
        _rewrite_fates(sending.file, decided, sent)
    else:
        of_file = _of_file(sending.file)
        copy("readings_filerow", _ROW_COLUMNS, (_fate_cells(of_file, row, sent) for row in decided))


@step
def make_stage() -> None:
    run(_STAGE)


@step
def send_staged(sending: Sending) -> None:
    """Send what is staged: put the corrected aside, insert, tell billing."""
    _supersede(sending)
    _insert(sending)
    _tell(sending)
    _record(sending)
    run("DROP TABLE stage_submission")


def _record(sending: Sending) -> None:
    """Name every submission in the audit, as the page's sending does (I30)."""
    sent = [str(id_) for (id_,) in fetch("SELECT id FROM stage_submission ORDER BY number")]
    if sent:
        after = {"month": str(sending.month), "submissions": sent}
        contract = sending.file.contract
        audit.record("readings.sent", contract, before=None, after=after, by=sending.by, contract_id=contract.pk)


def _staged(row: Decided, sent: Mapping[int, str], sending: Sending, *, stands: Mapping[str, Stand]) -> tuple[str, ...]:
    if row.card is None or row.value is None:
        raise ValueError("a row that may go has a register and a value")
    stand = stands[row.card.register_id]
    return (
        str(row.number),
        sent[row.number],
        row.card.register_id,
        _escaped(row.line.raw[:_LONGEST_RAW]),
        format(row.value, "f"),
        NULL if stand.previous is None else format(stand.previous.value, "f"),
        "t" if Mistake.ROLLOVER_SUSPECTED in row.problems else "f",
        stand.sent_id or NULL,
        _json(row.problems),
        _json(row.notes),
        sending.today.isoformat(),
    )


def _supersede(sending: Sending) -> None:
    run(
        """
        UPDATE readings_submission t SET state = 'superseded', state_at = %(at)s
        FROM stage_submission s WHERE t.contract_id = %(contract)s AND t.id = s.corrects
        """,
        sending.parameters,
    )


def _insert(sending: Sending) -> None:
    run(
        """
        INSERT INTO readings_submission (
            contract_id, id, provider_id, register_id, month, raw, value, previous, rolls_over, taken_on, sent_at,
            actor_kind, actor_id, channel, key, corrects, confirmed, remarks, state, state_at, reason_code, reason)
        SELECT %(contract)s, id, %(provider)s, register_id, %(month)s, raw, value, previous, rolls_over, taken_on,
               %(at)s, %(actor_kind)s, %(actor)s, %(channel)s, %(key)s, corrects, confirmed, remarks, 'sent', %(at)s,
               '', ''
        FROM stage_submission ORDER BY number
        """,
        sending.parameters,
    )
    run(
        """
        DELETE FROM readings_draft d USING stage_submission s
        WHERE d.register_id = s.register_id AND d.month = %(month)s
        """,
        sending.parameters,
    )


def _tell(sending: Sending) -> None:
    """Emit one event a row, in the order of the file; the submission's id becomes the event's."""
    run(
        """
        INSERT INTO infra_event (uid, provider_id, contract_id, kind, payload, at)
        SELECT s.id, %(provider)s, %(contract)s, 'readings.sent', jsonb_build_object(
                   'submission', s.id, 'contract', %(contract_name)s::text, 'meter', m.external_id,
                   'register', r.external_id, 'month', %(month_name)s::text, 'value', s.value::text,
                   'previous', s.previous::text, 'rolls_over', s.rolls_over, 'taken_on', s.taken_on::text,
                   'sent_at', %(at_name)s::text, 'corrects', s.corrects, 'confirmed', s.confirmed), %(at)s
        FROM stage_submission s JOIN contracts_register r ON r.id = s.register_id
        JOIN contracts_meter m ON m.id = r.meter_id ORDER BY s.number
        """,
        sending.parameters,
    )


def _of_file(file: ReadingsFile) -> str:
    """Write the cells that all rows of a file share."""
    return f"{file.contract_id}\t{file.pk}"


def _fate_cells(of_file: str, row: Decided, sent: Mapping[int, str]) -> tuple[str, ...]:
    line, card = row.line, row.card
    return (
        of_file,
        str(row.number),
        _escaped(line.sheet),
        str(line.row),
        line.column,
        _escaped(line.point_code),
        _escaped(line.meter),
        _escaped(line.quantity),
        _escaped(line.zone),
        _escaped(line.raw),
        line.flag,
        NULL if card is None else card.register_id,
        sent.get(row.number, NULL),
        row.fate,
        _array(row.problems),
        _array(row.notes),
        _array(row.suggestions),
        _escaped(row.facts[:_LONGEST_FACTS]),
        NULL if card is None else str(card.integer_digits),
    )


def _rewrite_fates(file: ReadingsFile, decided: Sequence[Decided], sent: Mapping[int, str]) -> None:
    run("CREATE TEMPORARY TABLE stage_fate (LIKE readings_filerow) ON COMMIT DROP")
    of_file = _of_file(file)
    copy("stage_fate", _ROW_COLUMNS, (_fate_cells(of_file, row, sent) for row in decided))
    run(
        """
        UPDATE readings_filerow t SET fate = s.fate, problems = s.problems, notes = s.notes, facts = s.facts,
               suggestions = s.suggestions, submission_id = s.submission_id
        FROM stage_fate s WHERE t.contract_id = s.contract_id AND t.file_id = s.file_id AND t.number = s.number
        """
    )
    run("DROP TABLE stage_fate")


def waiting_lines(file: ReadingsFile) -> list[tuple[int, FileLine]]:
    """Return the rows that did not go for a doubt, their own or that of another register of the meter."""
    rows = FileRow.objects.filter(
        contract_id=file.contract_id, file_id=file.pk, fate__in=(RowFate.TO_CONFIRM, RowFate.HELD)
    ).order_by("number")
    return [(row[0], FileLine(*row[1:])) for row in rows.values_list("number", *LINE_COLUMNS)]


def counts_of(file: ReadingsFile) -> dict[str, int]:
    """Count the file's rows by their fates."""
    rows = fetch(
        """
        SELECT fate, count(*) FROM readings_filerow WHERE contract_id = %(contract)s AND file_id = %(file)s
        GROUP BY fate
        """,
        {"contract": file.contract_id, "file": file.pk},
    )
    return {fate: int(count) for fate, count in rows}


def copy(table: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Copy rows whose cells are written as COPY wants them."""
    text = "".join("\t".join(cells) + "\n" for cells in rows)
    names = sql.SQL(", ").join(sql.Identifier(column) for column in columns)
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)
    with connection.cursor() as cursor, cursor.copy(statement) as into:
        into.write(text)


def _escaped(text: str) -> str:
    """Write a text as COPY wants it; almost every one is so already."""
    return text if "\\" not in text and text.isprintable() else text.translate(_ESCAPED)


def _json(codes: Sequence[str]) -> str:
    return json.dumps(list(codes)).translate(_ESCAPED) if codes else "[]"


def _array(codes: Sequence[str]) -> str:
    """Write codes and digits of ours as an array: nothing in them needs quotes."""
    return "{" + ",".join(codes) + "}" if codes else "{}"
