"""The sheet of logins: written once by the demo's loader, its windows and previous values told as of now."""

import json
import sqlite3
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from kabinet.kernel.calendar import WorkCalendar
from kabinet.providers.values import WindowRule
from kabinet.readings.rules import windows
from sandbox.billing.desk import WINDOWS
from sandbox.billing.truth import newest_accepted
from sandbox.clock import MOSCOW, Clock
from sandbox.database import Database

SOON: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the parts of the demonstration are."""

    portal: str
    sandbox: str


@lru_cache(maxsize=4096)
def window_word(rule: WindowRule, today: date, *, deadline_day: int | None) -> str:
    """Say of a contract's window whether it is open, opens within a week, or is closed."""
    window = windows.current_window(rule, today, calendar=WorkCalendar(), deadline_day=deadline_day)
    if windows.takes_readings(rule, window, today=today):
        return "open"
    return "soon" if window.opens - today <= SOON else "closed"


def sheet(file: Path, *, books: Database, clock: Clock, addresses: Addresses) -> dict[str, Any]:
    """Return the sheet as of now; without a loaded demonstration it names no providers."""
    providers = _written(file)
    with books.reading() as db:
        for provider in providers:
            provider["url"] = f"{addresses.portal}/{provider['slug']}/"
            _bring_up_to_date(db, provider, clock=clock)
    return {
        "base_url": addresses.portal,
        "mailbox": f"{addresses.sandbox}/mailbox",
        "billing": f"{addresses.sandbox}/billing",
        "today": clock.today(MOSCOW).isoformat(),
        "providers": providers,
    }


def _written(file: Path) -> list[dict[str, Any]]:
    try:
        providers: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))["providers"]
    except (FileNotFoundError, ValueError, KeyError):
        return []
    return providers


def _bring_up_to_date(db: sqlite3.Connection, provider: dict[str, Any], *, clock: Clock) -> None:
    row = db.execute("SELECT * FROM provider WHERE slug = ?", (provider["slug"],)).fetchone()
    if row is None:
        return
    rule, today = WINDOWS.validate_json(row["window_rule"]), clock.today(ZoneInfo(row["zone"]))
    for contract in provider["unlinked"]:
        contract["window"] = window_word(rule, today, deadline_day=contract["deadline_day"])
        for register in (register for meter in contract["meters"] for register in meter["registers"]):
            if known := newest_accepted(db, provider["slug"], register["id"]):
                register["previous"] = format(known.value.normalize(), "f")
