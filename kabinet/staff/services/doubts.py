"""A question to the customer about a doubtful reading: a ticket of the office's own (READ-09)."""

from datetime import datetime
from uuid import UUID

from kabinet.infra.db import use_case
from kabinet.kernel.actors import Actor
from kabinet.providers.models import Provider
from kabinet.readings.models import Submission
from kabinet.readings.services import doubts
from kabinet.readings.values.household import DoubtState
from kabinet.tickets.models import Ticket
from kabinet.tickets.services import office as tickets
from kabinet.tickets.services.office import FromOffice


@use_case
def ask_about(
    doubt_id: UUID, question: FromOffice, *, provider: Provider, by: Actor, at: datetime, year: int
) -> Ticket:
    """Ask whoever sent the reading, by letter and in the cabinet; the doubt counts as looked at."""
    doubt = doubts.hold(doubt_id, provider_id=provider.pk, by=by)
    sent = Submission.objects.get(contract_id=doubt.contract_id, id=doubt.submission_id)
    ticket = tickets.begin(
        question, contract=doubt.contract, author_id=sent.actor_id, provider=provider, by=by, at=at, year=year
    )
    doubts.settle(doubt, DoubtState.ASKED, by=by, at=at, ticket=ticket.number)
    return ticket
