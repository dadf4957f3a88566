"""Jobs of contracts."""

from uuid import UUID

from procrastinate import RetryStrategy

from kabinet.contracts.services import enrolling, expiry, papers, requests
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


@jobs.task(name="contracts.write_link_letter")
def write_link_letter(request: str, letter: int) -> None:
    requests.write_letter(UUID(request), letter=letter, at=clock.now())


@jobs.task(name="contracts.write_sign_up_letter", retry=RetryStrategy(max_attempts=5, exponential_wait=3))
def write_sign_up_letter(request: str) -> None:
    enrolling.write_letter(UUID(request), at=clock.now(), technical_at=clock.technical_now())


@jobs.periodic(cron="41 * * * *")
@jobs.task(name="contracts.remove_late_sign_ups", queueing_lock="contracts.remove_late_sign_ups")
def remove_late_sign_ups(timestamp: int) -> None:  # noqa: ARG001 - procrastinate gives it to each periodic job
    while enrolling.remove_late(at=clock.now()):
        pass


@jobs.periodic(cron="*/5 * * * *")
@jobs.task(name="contracts.remove_late_requests", queueing_lock="contracts.remove_late_requests")
def remove_late_requests(timestamp: int) -> None:  # noqa: ARG001 - procrastinate gives it to each periodic job
    by = Actor(ActorKind.JOB, channel=Channel.SYSTEM)
    while requests.remove_late(by=by, at=clock.now()):
        pass
