"""Jobs of accounts."""

from uuid import UUID

from procrastinate import RetryStrategy

from kabinet.accounts import services
from kabinet.accounts.values import Purpose
from kabinet.infra import clock, jobs
from kabinet.providers.models import Provider


@jobs.task(name="accounts.send_code", retry=RetryStrategy(max_attempts=5, exponential_wait=3))
def send_code(email: str, purpose: str, provider_id: str) -> None:
    provider = Provider.objects.get(pk=UUID(provider_id))
    services.send_code(email, Purpose(purpose), provider=provider, at=clock.technical_now())


@jobs.periodic(cron="17 * * * *")
@jobs.task(name="accounts.forget_expired", queueing_lock="accounts.forget_expired")
def forget_expired(timestamp: int) -> None:  # noqa: ARG001 - procrastinate gives it to each periodic job
    services.forget_expired(at=clock.technical_now())
