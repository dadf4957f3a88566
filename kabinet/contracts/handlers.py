"""What contracts do about events."""

from kabinet.contracts.services import telling
from kabinet.infra.events import on
from kabinet.infra.models import Event


@on("contracts.linked")
def tell_administrator(event: Event) -> None:
    telling.tell_holders(event)
