"""Jobs of billing."""

from uuid import UUID

from kabinet.billing.services import slips, telling
from kabinet.infra import clock, jobs, mail
from kabinet.kernel.actors import Actor, ActorKind, Channel

# Two days, as for any letter.
LETTER_TRIES = jobs.BackOff(on=(mail.NotNow,), attempts=60)


@jobs.task(name="billing.tell_of_act", retry=LETTER_TRIES)
def tell_of_act(act: str, version: int) -> None:
    by = Actor(ActorKind.JOB, channel=Channel.SYSTEM)
    telling.tell(UUID(act), version=version, by=by, at=clock.now())


@jobs.periodic(cron="47 2 * * *")
@jobs.task(name="billing.forget_slips", queueing_lock="billing.forget_slips")
def forget_old_slips(timestamp: int) -> None:  # noqa: ARG001 - procrastinate gives it to each periodic job
    slips.forget_slips(at=clock.technical_now())
