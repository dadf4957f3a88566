"""Jobs of readings."""

import logging

from kabinet.infra import clock, jobs
from kabinet.providers import selectors as providers
from kabinet.readings.services import reminders

log = logging.getLogger(__name__)


@jobs.periodic(cron="*/10 * * * *")
@jobs.task(name="readings.remind", queueing_lock="readings.remind")
def remind(timestamp: int) -> None:  # noqa: ARG001 - each periodic job is given its minute
    """Write to the people of every provider; the hours and days are those of its zone, in business time."""
    at = clock.now()
    for row in providers.open_providers():
        provider = providers.provider_by_slug(row.slug, at=at)
        if provider is not None:
            letters = reminders.remind(provider, at=at)
            log.info("reminded", extra={"provider": row.slug, "letters": letters})
