"""Jobs of readings."""

import logging
from collections.abc import Callable, Sequence
from uuid import UUID

from django.db import OperationalError

from kabinet.infra import clock, jobs
from kabinet.kernel.actors import Actor, ActorKind, Channel
from kabinet.providers import selectors as providers
from kabinet.readings.selectors import files
from kabinet.readings.services import marking, reading_files, reminders, verification

log = logging.getLogger(__name__)


@jobs.periodic(cron="*/10 * * * *")
@jobs.task(name="readings.remind", queueing_lock="readings.remind")
def remind(timestamp: int) -> None:  # noqa: ARG001 - each periodic job is given its minute
    """Write to the people of every provider; the hours and days are those of its zone, in business time."""
    _write_for_each(reminders.remind, told_as="reminded")


@jobs.periodic(cron="20 * * * *")
@jobs.task(name="readings.warn_of_verification", queueing_lock="readings.warn_of_verification")
def warn_of_verification(timestamp: int) -> None:  # noqa: ARG001 - each periodic job is given its minute
    """Write to the people of every provider whose meters are to be verified soon."""
    _write_for_each(verification.warn, told_as="warned of verification")


def _write_for_each(write: Callable[..., int], *, told_as: str) -> None:
    """Let each open provider write its letters, and log how many there were."""
    at = clock.now()
    for row in providers.open_providers():
        provider = providers.provider_by_slug(row.slug, at=at)
        if provider is not None:
            log.info(told_as, extra={"provider": row.slug, "letters": write(provider, at=at)})


# A server that is away for some minutes leaves no file unread.
FILE_TRIES = jobs.BackOff(on=(OperationalError,), attempts=20)


@jobs.task(name="readings.read_file", retry=FILE_TRIES)
def read_file(file: str, person: str, round: int, confirmed: Sequence[int] | None) -> None:  # noqa: A002
    """Read a file and send what it holds, in the name of who pressed the button."""
    at = clock.now()
    row = files.provider_of(UUID(file))
    provider = providers.provider_by_slug(row.slug, at=at)
    if provider is None:
        raise reading_files.ProviderClosed
    by = Actor(ActorKind.CUSTOMER, id=UUID(person), provider_id=row.pk, channel=Channel.FILE)
    reading = reading_files.Reading(provider, by, at, clock.today(row.zone), round, confirmed)
    reading_files.run(UUID(file), reading=reading)


@jobs.task(name="readings.mark_file", retry=FILE_TRIES)
def mark_file(file: str, round: int) -> None:  # noqa: A002
    marking.mark(UUID(file), round_=round, at=clock.now())
