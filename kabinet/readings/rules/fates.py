"""What becomes of each typed row: sent, to be confirmed, or refused with its reasons."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from kabinet.readings.values import Entry, Fate, Mistake, Outcome, Verdict


def decide(
    entry: Entry, verdict: Verdict, *, closed: Mistake | None, is_unverified: bool, sent_value: Decimal | None
) -> Outcome:
    """Decide over one row; `problems` of a sent row are those that its sender has confirmed."""
    notes = (*verdict.hints, *((Mistake.VERIFICATION_EXPIRED,) if is_unverified else ()))
    blocking = (closed,) if closed else verdict.blocking

    def outcome(fate: Fate, problems: tuple[Mistake, ...]) -> Outcome:
        return Outcome(entry.register_id, entry.raw, fate, problems, notes, verdict.suggestions)

    if blocking:
        return outcome(Fate.REFUSED, blocking)
    if sent_value is not None and verdict.value == sent_value:
        return outcome(Fate.UNCHANGED, ())
    if not entry.confirmed.issuperset(verdict.to_confirm):
        return outcome(Fate.TO_CONFIRM, verdict.to_confirm)
    return outcome(Fate.SENT, verdict.to_confirm)


def outcome_as_json(outcome: Outcome) -> dict[str, Any]:
    return {
        "register": str(outcome.register_id),
        "raw": outcome.raw,
        "fate": outcome.fate,
        "problems": list(outcome.problems),
        "notes": list(outcome.notes),
        "suggestions": list(outcome.suggestions),
    }


def outcome_from(row: dict[str, Any]) -> Outcome:
    return Outcome(
        register_id=UUID(row["register"]),
        raw=row["raw"],
        fate=Fate(row["fate"]),
        problems=tuple(Mistake(code) for code in row["problems"]),
        notes=tuple(Mistake(code) for code in row["notes"]),
        suggestions=tuple(row["suggestions"]),
    )
