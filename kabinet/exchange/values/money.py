"""What billing tells of money: lines of bills, payments, and what a month left."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from kabinet.billing.rules.balances import adds_up
from kabinet.billing.values import Basis
from kabinet.contracts.values import Zone
from kabinet.exchange.values.fields import (
    Code,
    Day,
    ExternalId,
    Kept,
    Money,
    MonthField,
    Price,
    SignedCount,
    Text40,
    Text80,
)
from kabinet.exchange.values.row import Row
from kabinet.providers.values import Resource
from kabinet.tariffs.values import ChargeKind, Unit


class Charge(Row):
    """A printed line of a bill, with the values that it was made from."""

    entity: Literal["charge"] = "charge"
    contract: ExternalId
    month: MonthField
    resource: Resource
    kind: ChargeKind
    zone: Zone | None = None
    range_number: Annotated[int, Field(ge=1, le=9)] | None = None
    basis: Basis | None = None
    quantity: SignedCount | None = None
    unit: Unit | None = None
    price: Price | None = None
    amount: Money
    calculator: Code = ""
    calculator_version: Annotated[int, Field(ge=1, le=999)] | None = None
    kept: Kept = "{}"


class Payment(Row):
    """Money that came and stands in the account of a month; of one payment for several resources, a row each."""

    entity: Literal["payment"] = "payment"
    contract: ExternalId
    month: MonthField
    resource: Resource
    paid_on: Day
    amount: Money
    document: Text40 = ""
    way: Text80 = ""


class Balance(Row):
    """What a month of a resource did to the account; above zero is owed."""

    entity: Literal["balance"] = "balance"
    contract: ExternalId
    month: MonthField
    resource: Resource
    opening: Money
    charged: Money = Decimal(0)
    recalculated: Money = Decimal(0)
    penalty: Money = Decimal(0)
    paid: Money = Decimal(0)
    closing: Money

    @model_validator(mode="after")
    def _adds_up(self) -> "Balance":
        if not adds_up(self):
            raise PydanticCustomError("does_not_add_up", "closing is what the others make")
        return self
