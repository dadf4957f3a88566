"""Jobs of contracts."""

from kabinet.contracts.services import expiry, papers
from kabinet.infra import clock, jobs
from kabinet.kernel.actors import Actor, ActorKind, Channel


@jobs.periodic(cron="23 * * * *")
@jobs.task(name="contracts.end_expired_roles", queueing_lock="contracts.end_expired_roles")
def end_expired_roles(timestamp: int) -> None:  # noqa: ARG001 - procrastinate gives it to each periodic job
    expiry.end_all_expired(by=Actor(ActorKind.JOB, channel=Channel.SYSTEM), at=clock.now())


@jobs.periodic(cron="37 2 * * *")
@jobs.task(name="contracts.drop_unnamed_papers", queueing_lock="contracts.drop_unnamed_papers")
def drop_unnamed_papers(timestamp: int) -> None:  # noqa: ARG001 - procrastinate gives it to each periodic job
    papers.drop_unnamed(by=Actor(ActorKind.JOB, channel=Channel.SYSTEM), at=clock.now())
