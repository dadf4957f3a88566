"""Jobs of tickets."""

from kabinet.infra import clock, jobs
from kabinet.tickets.services import orders


@jobs.periodic(cron="27 2 * * *")
@jobs.task(name="tickets.drop_old_drafts", queueing_lock="tickets.drop_old_drafts")
def drop_old_drafts(timestamp: int) -> None:  # noqa: ARG001 - each periodic job is given its minute
    orders.drop_old_drafts(at=clock.now())
