"""Thousands of submissions in a few statements: they and their events come by COPY, in the order of their file.

What one statement of the page's sending does for a row, one statement does here for all: the fact columns, the
corrected submission put aside, the draft forgotten, billing told.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from json.encoder import encode_basestring
from typing import Any, Final, NamedTuple

from django.db import connection
from psycopg import sql

from kabinet.infra import audit, ids
from kabinet.infra.db import step
from kabinet.infra.staging import array_of, fetch, run
from kabinet.kernel.actors import Actor
from kabinet.kernel.periods import Month
from kabinet.readings.models import FileRow, ReadingsFile
from kabinet.readings.values import Mistake
from kabinet.readings.values.files import Decided, FileLine, RowFate, Stand

# As the columns of a submission and of a file's row are wide.
_LONGEST_RAW: Final = 40
_LONGEST_FACTS: Final = 200
# The cells of `Going`, then what all rows of a sending share.
_OWN: Final = (
    "id", "register_id", "raw", "value", "previous", "rolls_over", "corrects", "confirmed", "remarks", "taken_on",
)  # fmt: skip
_SHARED: Final = (
    "contract_id", "provider_id", "month", "sent_at", "actor_kind", "actor_id", "channel", "key", "state", "state_at",
    "reason_code", "reason",
)  # fmt: skip
_EVENT_COLUMNS: Final = ("uid", "payload", "provider_id", "contract_id", "kind", "at")
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
        }


class Going(NamedTuple):
    """A submission on its way, its cells as COPY reads them, with the names that billing knows its register by."""

    id: str
    register_id: str
    raw: str
    value: str
    previous: str
    rolls_over: str
    corrects: str
    confirmed: str
    remarks: str
    taken_on: str
    meter_name: str
    register_name: str


@step
def store(sending: Sending, decided: Sequence[Decided], *, stands: Mapping[str, Stand]) -> None:
    """Insert what is to be sent, put the corrected aside, tell billing, and write the fates down."""
    going = [row for row in decided if row.fate is RowFate.SENT]
    sent = {row.number: ids.spelled() for row in going}
    today = sending.today.isoformat()
    send(sending, [_going(row, sent[row.number], today, stands=stands) for row in going])
    if sending.file.round:
        _rewrite_fates(sending.file, decided, sent)
    else:
        of_file = _of_file(sending.file)
        copy("readings_filerow", _ROW_COLUMNS, [_fate_row(of_file, row, sent) for row in decided])


@step
def send(sending: Sending, going: Sequence[Going]) -> None:
    """Send rows of one contract and month: put the corrected aside, insert, forget the drafts, tell billing."""
    if going:
        _supersede(sending, going)
        _insert(sending, going)
        _forget_drafts(sending, going)
        _tell(sending, going)
        _record(sending, going)


def _going(row: Decided, id_: str, today: str, *, stands: Mapping[str, Stand]) -> Going:
    card = row.card
    if card is None or row.value is None:
        raise ValueError("a row that may go has a register and a value")
    stand = stands[card.register_id]
    return Going(
        id_,
        card.register_id,
        escaped(row.line.raw[:_LONGEST_RAW]),
        format(row.value, "f"),
        NULL if stand.previous is None else format(stand.previous.value, "f"),
        "t" if Mistake.ROLLOVER_SUSPECTED in row.problems else "f",
        stand.sent_id or NULL,
        _json(row.problems),
        _json(row.notes),
        today,
        card.meter_name,
        card.register_name,
    )


def _supersede(sending: Sending, going: Sequence[Going]) -> None:
    corrected = [row.corrects for row in going if row.corrects != NULL]
    if corrected:
        run(
            """
            UPDATE readings_submission t SET state = 'superseded', state_at = %(at)s
            WHERE t.contract_id = %(contract)s AND t.id = ANY(%(corrected)s::uuid[])
            """,
            sending.parameters | {"corrected": array_of(corrected)},
        )


def _insert(sending: Sending, going: Sequence[Going]) -> None:
    contract, by, at = sending.file.contract, sending.by, sending.at.isoformat()
    month, actor = sending.month.first.isoformat(), NULL if by.id is None else str(by.id)
    shared = (str(contract.pk), str(contract.provider_id), month, at, by.kind, actor, by.channel, sending.key)
    rest = "\t".join(("", *shared, "sent", at, "", ""))
    copy("readings_submission", (*_OWN, *_SHARED), ["\t".join(row[: len(_OWN)]) + rest for row in going])


def _forget_drafts(sending: Sending, going: Sequence[Going]) -> None:
    run(
        """
        DELETE FROM readings_draft
        WHERE contract_id = %(contract)s AND month = %(month)s AND register_id = ANY(%(registers)s::uuid[])
        """,
        sending.parameters | {"registers": array_of([row.register_id for row in going])},
    )


def _tell(sending: Sending, going: Sequence[Going]) -> None:
    """Emit one event a row, in the order of the file; the submission's id becomes the event's."""
    contract, at = sending.file.contract, sending.at.isoformat()
    shared = {"contract": contract.external_id, "month": str(sending.month), "sent_at": at}
    ending = escaped(json.dumps(shared)[1:])
    rest = f"{contract.provider_id}\t{contract.pk}\treadings.sent\t{at}"
    copy("infra_event", _EVENT_COLUMNS, [f"{row.id}\t{_payload(row, ending)}\t{rest}" for row in going])


def _payload(row: Going, ending: str) -> str:
    """Write what billing is told of a row; its cells are escaped for COPY already."""
    names = escaped(f'"meter": {encode_basestring(row.meter_name)}, "register": {encode_basestring(row.register_name)}')
    previous = "null" if row.previous == NULL else f'"{row.previous}"'
    corrects = "null" if row.corrects == NULL else f'"{row.corrects}"'
    rolls_over = "true" if row.rolls_over == "t" else "false"
    return (
        f'{{"submission": "{row.id}", {names}, "value": "{row.value}", "previous": {previous}, "rolls_over": '
        f'{rolls_over}, "taken_on": "{row.taken_on}", "corrects": {corrects}, "confirmed": {row.confirmed}, {ending}'
    )


def _record(sending: Sending, going: Sequence[Going]) -> None:
    """Name every submission in the audit, as the page's sending does (I30)."""
    after = {"month": str(sending.month), "submissions": [row.id for row in going]}
    contract = sending.file.contract
    audit.record("readings.sent", contract, before=None, after=after, by=sending.by, contract_id=contract.pk)


def _of_file(file: ReadingsFile) -> str:
    """Write the cells that all rows of a file share."""
    return f"{file.contract_id}\t{file.pk}"


def _fate_row(of_file: str, row: Decided, sent: Mapping[int, str]) -> str:
    line, card = row.line, row.card
    register, digits = (NULL, NULL) if card is None else (card.register_id, card.integer_digits)
    place = f"{of_file}\t{row.number}\t{escaped(line.sheet)}\t{line.row}\t{line.column}"
    codes = f"{_array(row.problems)}\t{_array(row.notes)}\t{_array(row.suggestions)}"
    facts = escaped(row.facts[:_LONGEST_FACTS]) if row.facts else ""
    return (
        f"{place}\t{escaped(line.point_code)}\t{escaped(line.meter)}\t{escaped(line.quantity)}\t{escaped(line.zone)}"
        f"\t{escaped(line.raw)}\t{line.flag}\t{register}\t{sent.get(row.number, NULL)}\t{row.fate}\t{codes}"
        f"\t{facts}\t{digits}"
    )


def _rewrite_fates(file: ReadingsFile, decided: Sequence[Decided], sent: Mapping[int, str]) -> None:
    run("CREATE TEMPORARY TABLE stage_fate (LIKE readings_filerow) ON COMMIT DROP")
    of_file = _of_file(file)
    copy("stage_fate", _ROW_COLUMNS, [_fate_row(of_file, row, sent) for row in decided])
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


def copy(table: str, columns: Sequence[str], rows: Iterable[str]) -> None:
    """Copy rows written as COPY wants them."""
    names = sql.SQL(", ").join(sql.Identifier(column) for column in columns)
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)
    with connection.cursor() as cursor, cursor.copy(statement) as into:
        into.write("\n".join((*rows, "")))


def escaped(text: str) -> str:
    """Write a text as COPY wants it; almost every one is so already."""
    return text if "\\" not in text and text.isprintable() else text.translate(_ESCAPED)


def _json(codes: Sequence[str]) -> str:
    return json.dumps(list(codes)).translate(_ESCAPED) if codes else "[]"


def _array(codes: Sequence[str]) -> str:
    """Write codes and digits of ours as an array: nothing in them needs quotes."""
    return "{" + ",".join(codes) + "}" if codes else "{}"
