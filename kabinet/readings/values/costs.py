"""What readings cost."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from kabinet.contracts.values import Zone
from kabinet.tariffs.values.tables import TariffSet


@dataclass(frozen=True, slots=True)
class Prices:
    """The prices of an account's month: of power by zones, of hot water, and of the heat in it."""

    power: TariffSet | None = None
    water: Decimal | None = None
    heat: Decimal | None = None
    gcal_per_m3: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Cost:
    """A meter's sum, that of each zone, and what the account usually pays for as long a time."""

    total: Decimal
    by_zone: Mapping[Zone, Decimal]
    usual: Decimal | None = None

    @property
    def difference(self) -> Decimal | None:
        return None if self.usual is None else self.total - self.usual
