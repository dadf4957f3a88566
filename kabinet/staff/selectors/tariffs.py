"""What is set for a provider's prices, and the tables by which it came."""

from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from kabinet.tariffs.models import PriceList
from kabinet.tariffs.services.loading import held_of
from kabinet.tariffs.values.loading import HeldPrice


def held_on(provider_id: UUID, *, on: date) -> list[HeldPrice]:
    """Return the prices, norms and rates that hold on a day or begin later, as people look them up."""
    lasting = [one for one in held_of(provider_id) if one.period.end is None or one.period.end > on]
    return sorted(lasting, key=_in_order)


def _in_order(one: HeldPrice) -> tuple[str, ...]:
    key = one.key
    words = (str(getattr(key, name)) for name in key.__dataclass_fields__)
    return (type(key).__name__[::-1], *words, one.period.start.isoformat())


def lists_of(provider_id: UUID) -> QuerySet[PriceList]:
    """Return the tables that were given, the newest first."""
    return PriceList.objects.filter(provider_id=provider_id).order_by("-given_at", "-pk")
