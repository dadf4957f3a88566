"""Everything that billing tells the portal: the versioned description of all entities (BILL-01).

A row is the whole state of its entity: a field left out has its default. `version` grows with every change in billing;
an older one is ignored as stale, the same one with other content is refused. References are external ids.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Final, Literal
from uuid import UUID

from pydantic import Field, TypeAdapter, model_validator
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

from kabinet.contracts.values import ContractKind, EntryStatus, HouseType, Quantity, Settlement, Zone
from kabinet.exchange.values.fields import (
    Addresses,
    Area,
    AreaOrNone,
    BankAccount,
    Bic,
    Code,
    Count,
    Day,
    ExternalId,
    Factor,
    Inn,
    Kpp,
    Limit,
    MonthField,
    Name40,
    Name240,
    Ogrn,
    Text40,
    Text80,
    Text200,
    Text240,
    Text300,
)
from kabinet.exchange.values.houses import HouseMonth
from kabinet.exchange.values.money import Balance, Charge, Payment
from kabinet.exchange.values.row import Row as Row  # noqa: PLC0414 - for whoever reads the entities
from kabinet.providers.values import Resource

EXCHANGE_VERSION: Final = 1


class PeriodState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


class ActVerdict(StrEnum):
    """Billing's answer to a request for an act of reconciliation."""

    PREPARED = "prepared"
    REFUSED = "refused"


class Verdict(StrEnum):
    """Billing's answer to a submission."""

    TAKEN = "taken"
    REFUSED = "refused"


class ReadingOrigin(StrEnum):
    """Who took an accepted reading."""

    CUSTOMER = "customer"
    INSPECTOR = "inspector"
    AMI = "ami"
    INITIAL = "initial"
    FINAL = "final"
    ESTIMATE = "estimate"


class Quality(StrEnum):
    """How good an accepted reading is; nothing said means measured."""

    MEASURED = "measured"
    ESTIMATED = "estimated"
    DISPUTED = "disputed"


class _Lasting(Row):
    """A row that is valid from a day up to, not including, another."""

    valid_from: Day
    valid_to: Day | None = None

    @model_validator(mode="after")
    def _ends_after_start(self) -> "_Lasting":
        if self.valid_to is not None and self.valid_to <= self.valid_from:
            raise PydanticCustomError("ends_before_start", "valid_to must be after valid_from")
        return self


class BillingPeriod(Row):
    """A month of the provider; a closed one is never opened again."""

    entity: Literal["billing_period"] = "billing_period"
    month: MonthField
    state: PeriodState


class House(_Lasting):
    """A house of flats, whose common areas its households pay for together."""

    entity: Literal["house"] = "house"
    address: Name240
    house_type: HouseType
    settlement: Settlement
    total_area: Area
    common_area: AreaOrNone = Decimal(0)
    has_house_meter: bool = False


class Contract(_Lasting):
    """The agreement with a customer; a household's is its account."""

    entity: Literal["contract"] = "contract"
    number: Name40
    kind: ContractKind
    customer_name: Name240
    customer_number: Text40 = ""
    inn: Inn = ""
    kpp: Kpp = ""
    signed_on: Day | None = None
    deadline_day: Annotated[int, Field(ge=1, le=31)] | None = None
    has_hot_water: bool = False
    price_category: Annotated[int, Field(ge=1, le=6)] | None = None
    emails: Addresses = ()
    ogrn: Ogrn = ""
    legal_address: Text240 = ""
    postal_address: Text240 = ""
    phone: Text80 = ""
    bank_name: Text240 = ""
    bic: Bic = ""
    bank_account: BankAccount = ""
    correspondent_account: BankAccount = ""
    holder_last: Text80 = ""
    holder_first: Text80 = ""
    holder_middle: Text80 = ""
    house: ExternalId | None = None
    area: Area | None = None
    residents: Annotated[int, Field(ge=0, le=99)] | None = None
    owners: Annotated[int, Field(ge=0, le=99)] | None = None
    rooms: Annotated[int, Field(ge=1, le=99)] | None = None


class Annex(_Lasting):
    """An annex to a contract, with its paper where there is one."""

    entity: Literal["annex"] = "annex"
    contract: ExternalId
    number: Name40
    title: Name240
    signed_on: Day | None = None
    file: UUID | None = None


class SupplyPoint(_Lasting):
    """The place supplied."""

    entity: Literal["supply_point"] = "supply_point"
    contract: ExternalId
    code: Name40
    name: Text200 = ""
    address: Name240
    entry_status: EntryStatus = EntryStatus.AWAITING


class Meter(_Lasting):
    """A meter as it stands at a point; a replacement ends one and begins another."""

    entity: Literal["meter"] = "meter"
    supply_point: ExternalId
    number: Name40
    make: Text80 = ""
    resource: Resource
    place: Text80 = ""
    ratio: Factor = Decimal(1)
    complex_name: Text80 = ""
    verification_due: Day | None = None
    entry_status: EntryStatus = EntryStatus.AWAITING
    replaced_by: ExternalId | None = None


class Register(_Lasting):
    """One counting register of a meter."""

    entity: Literal["register"] = "register"
    meter: ExternalId
    quantity: Quantity
    zone: Zone
    tariff_number: Annotated[int, Field(ge=1, le=9)] | None = None
    integer_digits: Annotated[int, Field(ge=1, le=12)]
    fraction_digits: Annotated[int, Field(ge=0, le=4)] = 0
    physical_limit_per_day: Limit | None = None


class Reading(Row):
    """An accepted reading, whoever took it; `submission` names what the customer sent, where it came from that."""

    entity: Literal["reading"] = "reading"
    # `register` itself is taken: every abstract class of Python has a method of this name.
    of_register: Annotated[ExternalId, Field(alias="register")]
    month: MonthField
    taken_on: Day
    value: Count
    origin: ReadingOrigin
    quality: Quality | None = None
    submission: UUID | None = None


class SewageVolume(Row):
    """A volume of hot water into the drains as it was counted for a month."""

    entity: Literal["sewage_volume"] = "sewage_volume"
    supply_point: ExternalId
    month: MonthField
    taken_on: Day
    value: Count
    origin: ReadingOrigin
    quality: Quality | None = None
    submission: UUID | None = None


class _Answer(Row):
    """Taken or refused, with a reason that the customer will read."""

    submission: UUID
    contract: ExternalId
    verdict: Verdict
    reason_code: Code = ""
    reason: Text300 = ""
    billed_in: MonthField | None = None

    @model_validator(mode="after")
    def _refusal_has_reason(self) -> "_Answer":
        if self.verdict is Verdict.REFUSED and not self.reason:
            raise PydanticCustomError("reason_required", "a refusal needs its reason")
        return self


class SubmissionAnswer(_Answer):
    """The answer to a reading that a customer sent."""

    entity: Literal["submission_answer"] = "submission_answer"


class VolumeAnswer(_Answer):
    """The answer to a volume that a customer sent."""

    entity: Literal["volume_answer"] = "volume_answer"


class ReconciliationAct(Row):
    """The answer to a request for an act of reconciliation: prepared with its file, or refused with a reason."""

    entity: Literal["reconciliation_act"] = "reconciliation_act"
    request: UUID
    contract: ExternalId
    verdict: ActVerdict
    number: Text40 = ""
    made_on: Day | None = None
    file: UUID | None = None
    reason: Text300 = ""

    @model_validator(mode="after")
    def _says_what_its_verdict_needs(self) -> "ReconciliationAct":
        if self.verdict is ActVerdict.REFUSED and not self.reason:
            raise PydanticCustomError("reason_required", "a refusal needs its reason")
        if self.verdict is ActVerdict.PREPARED and not (self.number and self.made_on and self.file):
            raise PydanticCustomError("act_incomplete", "a prepared act has a number, a day and a file")
        return self


@dataclass(frozen=True, slots=True)
class Entity:
    """One entity of the exchange: its shape, what makes a row unique, which fields name rows of which entities."""

    name: str
    shape: type[Row]
    key: tuple[str, ...]
    references: Mapping[str, str]
    since: int = EXCHANGE_VERSION

    @property
    def kept(self) -> dict[str, FieldInfo]:
        """Return the fields that go into tables, by their names on the wire; whose rows they are is kept once."""
        fields = self.shape.model_fields.items()
        return {info.alias or name: info for name, info in fields if name not in {"entity", "source"}}


_BY_NAME: Final = ("source", "external_id")

# In the order in which they are written down: what is named by others comes before them. Registers, then periods,
# then submissions: whoever sends a reading locks them in this order too.
ENTITIES: Final[Mapping[str, Entity]] = {
    entity.name: entity
    for entity in (
        Entity("house", House, key=_BY_NAME, references={}),
        Entity("house_month", HouseMonth, key=_BY_NAME, references={"house": "house"}),
        Entity("contract", Contract, key=_BY_NAME, references={"house": "house"}),
        Entity("annex", Annex, key=_BY_NAME, references={"contract": "contract"}),
        Entity("supply_point", SupplyPoint, key=_BY_NAME, references={"contract": "contract"}),
        Entity("meter", Meter, key=_BY_NAME, references={"supply_point": "supply_point", "replaced_by": "meter"}),
        Entity("register", Register, key=_BY_NAME, references={"meter": "meter"}),
        Entity("billing_period", BillingPeriod, key=("month",), references={}),
        Entity("reading", Reading, key=("register", *_BY_NAME), references={"register": "register"}),
        Entity(
            "sewage_volume",
            SewageVolume,
            key=("supply_point", *_BY_NAME),
            references={"supply_point": "supply_point"},
        ),
        Entity("submission_answer", SubmissionAnswer, key=("submission",), references={"contract": "contract"}),
        Entity("volume_answer", VolumeAnswer, key=("submission",), references={"contract": "contract"}),
        Entity("reconciliation_act", ReconciliationAct, key=("request",), references={"contract": "contract"}),
        Entity("charge", Charge, key=("contract", *_BY_NAME), references={"contract": "contract"}),
        Entity("payment", Payment, key=("contract", *_BY_NAME), references={"contract": "contract"}),
        Entity("balance", Balance, key=("contract", *_BY_NAME), references={"contract": "contract"}),
    )
}

AnyRow = (
    BillingPeriod
    | House
    | HouseMonth
    | Contract
    | Annex
    | SupplyPoint
    | Meter
    | Register
    | Reading
    | SewageVolume
    | SubmissionAnswer
    | VolumeAnswer
    | ReconciliationAct
    | Charge
    | Payment
    | Balance
)
ROWS: Final[TypeAdapter[AnyRow]] = TypeAdapter(Annotated[AnyRow, Field(discriminator="entity")])
