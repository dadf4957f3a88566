"""Jobs of accounts."""

from datetime import timedelta
from uuid import UUID

from procrastinate import RetryStrategy

from kabinet.accounts import services
from kabinet.accounts.services import links
from kabinet.accounts.values import Purpose
from kabinet.infra import clock, jobs


@jobs.task(name="accounts.send_code", retry=RetryStrategy(max_attempts=5, exponential_wait=3))
def send_code(user_id: str, purpose: str, provider_id: str) -> None:
    """Write a code; for an address that nobody has the job comes too, and has nothing to do."""
    if user_id:
        at = clock.technical_now()
        services.send_code(UUID(user_id), Purpose(purpose), provider_id=UUID(provider_id), at=at)


@jobs.task(name="accounts.send_link", retry=RetryStrategy(max_attempts=5, exponential_wait=3))
def send_link(user_id: str, provider_id: str, hours: int) -> None:
    """Write a link; for a pair that nobody has the job comes too, and has nothing to do."""
    if user_id:
        at, lives = clock.technical_now(), timedelta(hours=hours)
        links.send_link(UUID(user_id), provider_id=UUID(provider_id), lives=lives, at=at)


@jobs.periodic(cron="17 * * * *")
@jobs.task(name="accounts.forget_expired", queueing_lock="accounts.forget_expired")
def forget_expired(timestamp: int) -> None:  # noqa: ARG001 - procrastinate gives it to each periodic job
    services.forget_expired(at=clock.technical_now())
