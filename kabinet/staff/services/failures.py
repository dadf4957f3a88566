"""«Исключения»: what did not work and waits for somebody."""

from uuid import UUID

from kabinet.accounts.services.specialists import require_duty
from kabinet.accounts.values import StaffAction
from kabinet.infra import parked
from kabinet.infra.db import use_case
from kabinet.infra.models import ParkedEvent
from kabinet.kernel.actors import Actor
from kabinet.providers.models import Provider


@use_case
def retry(parked_id: UUID, *, provider: Provider, by: Actor) -> ParkedEvent:
    """Try a parked event again at once."""
    require_duty(by, provider_id=provider.pk, action=StaffAction.MEND_EXCEPTIONS)
    return parked.retry_now(parked_id, provider_id=provider.pk, by=by)
