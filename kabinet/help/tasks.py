"""Jobs of help."""

from kabinet.help.services import forget_manuals
from kabinet.infra import clock, jobs


@jobs.periodic(cron="57 2 * * *")
@jobs.task(name="help.forget_manuals", queueing_lock="help.forget_manuals")
def forget_old_manuals(timestamp: int) -> None:  # noqa: ARG001 - procrastinate gives it to each periodic job
    forget_manuals(at=clock.technical_now())
