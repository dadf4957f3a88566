"""Readings as the feed gives them, for tests."""

import uuid
from datetime import UTC, date, datetime
from typing import Any

TODAY = date(2026, 10, 9)
OWN, OTHER, POINT, METER, REGISTER = "c1", "c0", "p1", "m1", "m1-r"


def sent(
    seq: int, value: int, *, corrects: str | None = None, register: str = REGISTER, **facts: Any
) -> dict[str, Any]:
    """Return the feed's item of a reading sent today."""
    moment = datetime(TODAY.year, TODAY.month, TODAY.day, 8, tzinfo=UTC).isoformat()
    payload = {
        "submission": str(uuid.uuid5(uuid.NAMESPACE_URL, f"submission {seq}")),
        "contract": OWN,
        "meter": METER,
        "register": register,
        "month": f"{TODAY:%Y-%m}",
        "value": str(value),
        "previous": "231",
        "rolls_over": False,
        "taken_on": TODAY.isoformat(),
        "sent_at": moment,
        "corrects": corrects,
        "confirmed": [],
    } | facts
    return {
        "seq": seq,
        "id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"event {seq}")),
        "kind": "readings.sent",
        "at": moment,
        "contract": OWN,
        "payload": payload,
    }


def number_of(item: dict[str, Any]) -> str:
    return str(item["payload"]["submission"])


def volume_sent(seq: int, value: str, **facts: Any) -> dict[str, Any]:
    """Return the feed's item of a volume sent today for the supply point."""
    item = sent(seq, 0)
    hidden = {"meter", "register", "rolls_over"}
    payload = {name: fact for name, fact in item["payload"].items() if name not in hidden}
    payload |= {"supply_point": POINT, "value": value, "previous": None} | facts
    return item | {"kind": "readings.volume_sent", "payload": payload}
