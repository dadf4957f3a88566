"""What people were told of their readings beside what is stored (I1, I2, I4)."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import connection

from bench.serving.arrivals import Told
from bench.serving.visitors import Sent

_STORED = "SELECT key, register_id::text, value FROM readings_submission WHERE key LIKE 'deadline-%%'"
_EFFECTIVE_TWICE = """
    SELECT count(*) FROM (
        SELECT FROM readings_submission WHERE state IN ('sent', 'passed', 'taken')
        GROUP BY contract_id, register_id, month HAVING count(*) > 1
    ) twice
"""
_WITHOUT_EVENT = """
    SELECT count(*) FROM readings_submission s WHERE key LIKE 'deadline-%%' AND (
        SELECT count(*) FROM infra_event e WHERE e.kind = 'readings.sent' AND e.payload->>'submission' = s.id::text
          AND e.contract_id = s.contract_id) <> 1
"""


@dataclass(frozen=True, slots=True)
class Found:
    """The comparison; all but the first two are to be nought."""

    acknowledged: int
    unanswered: int
    lost: int
    doubled: int
    kept_though_put_off: int
    without_event: int

    @property
    def is_well(self) -> bool:
        return not (self.lost or self.doubled or self.kept_though_put_off or self.without_event)

    def __str__(self) -> str:
        return (
            f"{self.acknowledged:,} acknowledged readings: lost {self.lost}, doubled {self.doubled}, "
            f"without their one event {self.without_event}; put off and yet stored {self.kept_though_put_off}; "
            f"{self.unanswered} more without an answer"
        )


def look(sent: Mapping[str, Sent], told: Iterable[Told]) -> Found:
    """Compare everything that was told with everything that is stored."""
    with connection.cursor() as cursor:
        cursor.execute(_STORED)
        rows = cursor.fetchall()
        cursor.execute(_EFFECTIVE_TWICE)
        ((effective_twice,),) = cursor.fetchall()
        cursor.execute(_WITHOUT_EVENT)
        ((without_event,),) = cursor.fetchall()
    times = Counter(key for key, _, _ in rows)
    kept = {key: Sent(register, int(value)) for key, register, value in rows}
    told = list(told)
    acknowledged = [key for one in told for key in one.acknowledged]
    return Found(
        acknowledged=len(acknowledged),
        unanswered=sum(len(one.unknown) for one in told),
        lost=sum(kept.get(key) != sent[key] for key in acknowledged),
        doubled=sum(number > 1 for number in times.values()) + int(effective_twice),
        kept_though_put_off=sum(key in kept for one in told for key in one.put_off),
        without_event=int(without_event),
    )
