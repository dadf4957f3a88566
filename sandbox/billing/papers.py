"""Acts on paper: a statement → PDF, by typst; words come as JSON through `sys.inputs`."""

import json
from datetime import date
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, Final

import typst

from sandbox.billing.statements import Balance, Entry, Statement, printed, sentence

ROOT: Final = Path(__file__).resolve().parents[1] / "templates"
TEMPLATE: Final = ROOT / "act.typ"
_one_at_a_time = Lock()


def act_as_pdf(
    statement: Statement, *, number: str, made_on: date, since: date, until: date, parties: dict[str, str]
) -> bytes:
    """Print an act; `parties` names supplier, customer and contract."""
    facts = {
        **parties,
        "number": number,
        "made_on": f"{made_on:%d.%m.%Y}",
        "since": f"{since:%d.%m.%Y}",
        "until": f"{until:%d.%m.%Y}",
        "rows": [_row(entry) for entry in statement.entries],
        "opening": _balance(statement.opening),
        "turnover": [printed(statement.debit), printed(statement.credit)],
        "closing": _balance(statement.closing),
        "sentence": sentence(statement.closing, on=until, supplier=parties["supplier"], customer=parties["customer"]),
    }
    with _one_at_a_time:
        pdf = _compiler().compile(format="pdf", sys_inputs={"act": json.dumps(facts, ensure_ascii=False)})
    return bytes(pdf)


@cache
def _compiler() -> Any:
    return typst.Compiler(str(TEMPLATE), root=str(ROOT), ignore_system_fonts=True)


def _row(entry: Entry) -> list[str]:
    columns = (entry.debit, entry.credit)
    return [f"{entry.on:%d.%m.%Y}", entry.document, *(printed(sum_) if sum_ else "" for sum_ in columns)]


def _balance(balance: Balance) -> list[str]:
    return [printed(sum_) if sum_ or not balance.amount else "" for sum_ in (balance.debit, balance.credit)]
