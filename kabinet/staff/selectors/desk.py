"""What waits for the office."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from kabinet.accounts.values import StaffAction
from kabinet.infra.parked import parked_of
from kabinet.readings.selectors.doubts import waiting_doubts_of
from kabinet.tickets import selectors as tickets
from kabinet.tickets.values import Status


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much waits in each duty; None where the duty is not the specialist's."""

    new_tickets: int | None = None
    tickets_in_work: int | None = None
    parked: int | None = None
    doubts: int | None = None
    may_search: bool = False


def waiting_for(provider_id: UUID, held: Collection[StaffAction]) -> Waiting:
    queue = tickets.queue_of(provider_id).order_by()
    may_answer = StaffAction.ANSWER_TICKETS in held
    return Waiting(
        new_tickets=queue.filter(status=Status.NEW).count() if may_answer else None,
        tickets_in_work=queue.filter(status=Status.IN_WORK).count() if may_answer else None,
        parked=parked_of(provider_id).count() if StaffAction.MEND_EXCEPTIONS in held else None,
        doubts=waiting_doubts_of(provider_id).count() if StaffAction.LOOK_AT_READINGS in held else None,
        may_search=StaffAction.OPEN_CARDS in held,
    )
