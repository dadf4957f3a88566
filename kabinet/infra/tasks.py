"""Jobs of the floor."""

from datetime import timedelta
from uuid import UUID

from kabinet.infra import chain, clamd, cleaning, clock, jobs, mail, scanning, stalled, storage

# Two days: a mail server that is down over a weekend's end loses nothing.
LETTER_TRIES = jobs.BackOff(on=(mail.NotNow,), attempts=60)
# Two hours; files that wait longer are looked through together, until the daemon is back.
SCAN_TRIES = jobs.BackOff(on=(clamd.NotNow,), attempts=20, longest=timedelta(minutes=10))
SCANS_ARE_LATE_AFTER = timedelta(hours=2)


@jobs.task(name="infra.send_mail", retry=LETTER_TRIES)
def send_mail(letter: str) -> None:
    mail.send(UUID(letter), at=clock.technical_now())


@jobs.task(name="infra.scan_file", retry=SCAN_TRIES)
def scan_file(stored: str) -> None:
    scanning.scan(UUID(stored), at=clock.now())


@jobs.periodic(cron="*/10 * * * *")
@jobs.task(name="infra.scan_late_files", queueing_lock="infra.scan_late_files")
def scan_late_files(timestamp: int) -> None:  # noqa: ARG001 - each periodic job is given its minute
    scanning.scan_late(before=clock.technical_now() - SCANS_ARE_LATE_AFTER, at=clock.now())


@jobs.periodic(cron="* * * * *")
@jobs.task(name="infra.requeue_stalled", queueing_lock="infra.requeue_stalled")
def requeue_stalled(timestamp: int) -> None:  # noqa: ARG001 - each periodic job is given its minute
    stalled.requeue()


@jobs.periodic(cron="* * * * *")
@jobs.task(name="infra.anchor_audit", queueing_lock="infra.anchor_audit")
def anchor_audit(timestamp: int) -> None:  # noqa: ARG001 - each periodic job is given its minute
    while chain.anchor(at=clock.technical_now()):
        pass


@jobs.periodic(cron="17 2 * * *")
@jobs.task(name="infra.clean", queueing_lock="infra.clean")
def clean(timestamp: int) -> None:  # noqa: ARG001 - each periodic job is given its minute
    cleaning.clean(at=clock.technical_now())


@jobs.periodic(cron="47 2 * * *")
@jobs.task(name="infra.delete_orphans", queueing_lock="infra.delete_orphans")
def delete_orphans(timestamp: int) -> None:  # noqa: ARG001 - each periodic job is given its minute
    storage.delete_orphans(before=clock.technical_now() - timedelta(days=1))
