"""What becomes of each typed row: sent, to be confirmed, or refused with its reasons."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from kabinet.readings.values import Entry, Fate, Mistake, Outcome, Verdict


def decide(
    entry: Entry, verdict: Verdict, *, closed: Mistake | None, sent_value: Decimal | None, is_unverified: bool = False
) -> Outcome:
    """Decide over one row; `problems` of a sent row are those that its sender has confirmed."""
    notes = (*verdict.hints, *((Mistake.VERIFICATION_EXPIRED,) if is_unverified else ()))
    fate, problems = fate_of(verdict, confirmed=entry.confirmed, closed=closed, sent_value=sent_value)
    return Outcome(entry.row_id, entry.raw, fate, problems, notes, verdict.suggestions)


def fate_of(
    verdict: Verdict, *, confirmed: frozenset[Mistake], closed: Mistake | None, sent_value: Decimal | None
) -> tuple[Fate, tuple[Mistake, ...]]:
    """Return what becomes of a judged value, and the problems that make it so."""
    if blocking := (closed,) if closed else verdict.blocking:
        return Fate.REFUSED, blocking
    if sent_value is not None and verdict.value == sent_value:
        return Fate.UNCHANGED, ()
    if not confirmed.issuperset(verdict.to_confirm):
        return Fate.TO_CONFIRM, verdict.to_confirm
    return Fate.SENT, verdict.to_confirm


def outcome_as_json(outcome: Outcome) -> dict[str, Any]:
    return {
        "row": str(outcome.row_id),
        "raw": outcome.raw,
        "fate": outcome.fate,
        "problems": list(outcome.problems),
        "notes": list(outcome.notes),
        "suggestions": list(outcome.suggestions),
    }


def outcome_from(row: dict[str, Any]) -> Outcome:
    return Outcome(
        row_id=UUID(row["row"]),
        raw=row["raw"],
        fate=Fate(row["fate"]),
        problems=tuple(Mistake(code) for code in row["problems"]),
        notes=tuple(Mistake(code) for code in row["notes"]),
        suggestions=tuple(row["suggestions"]),
    )
