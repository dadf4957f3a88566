"""What billing tells of houses by months."""

from decimal import Decimal
from typing import Literal

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from kabinet.exchange.values.fields import Area, AreaOrNone, Count, ExternalId, MonthField
from kabinet.exchange.values.row import Row
from kabinet.providers.values import Resource


class HouseMonth(Row):
    """What a house used of a resource in a month, and by which figures its common needs are counted."""

    entity: Literal["house_month"] = "house_month"
    house: ExternalId
    month: MonthField
    resource: Resource = Resource.ELECTRICITY
    has_house_meter: bool = False
    norm: Count | None = None
    total_area: Area | None = None
    common_area: AreaOrNone | None = None
    house_volume: Count | None = None
    nonresidential_volume: Count = Decimal(0)
    norm_volume: Count = Decimal(0)
    meter_volume: Count = Decimal(0)
    utility_volume: Count = Decimal(0)

    @model_validator(mode="after")
    def _house_meter_has_its_volume(self) -> "HouseMonth":
        if self.has_house_meter and self.house_volume is None:
            raise PydanticCustomError("volume_required", "a house meter counts a volume")
        return self
