"""A provider's policy and the parts of it that rules are given."""

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator


class _Rule(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DeadlineDay(_Rule):
    """Readings are taken in the last `window_days` days up to the contract's deadline day, and only then."""

    type: Literal["deadline_day"] = "deadline_day"
    window_days: int = Field(default=3, ge=1, le=28)
    roll_to_next_working_day: bool = True


class DayRange(_Rule):
    """Readings are taken any day; those given outside these days of the month count for the next period."""

    type: Literal["day_range"] = "day_range"
    from_day: int = Field(ge=1, le=31)
    to_day: int = Field(ge=1, le=31)

    @model_validator(mode="after")
    def _runs_forward(self) -> "DayRange":
        if self.from_day > self.to_day:
            raise ValueError("from_day must not be after to_day")
        return self


class UntilClosed(_Rule):
    """Readings are taken until billing closes the period."""

    type: Literal["until_closed"] = "until_closed"


WindowRule = Annotated[DeadlineDay | DayRange | UntilClosed, Field(discriminator="type")]


class SignUp(StrEnum):
    """How people sign up (SPEC, REG-01…04)."""

    EMAIL = "email"
    CATEGORY = "category"
    ACCOUNT = "account"
    LEGAL_ENTITY = "legal_entity"


# Those that have a page; where a policy asks for another, nothing leads to sign-up yet.
OPEN_SIGN_UPS: Final = frozenset({SignUp.EMAIL, SignUp.LEGAL_ENTITY, SignUp.ACCOUNT})


class Recovery(StrEnum):
    """How a forgotten password is made anew (REG-06)."""

    CODE = "code"
    ACCOUNT_LINK = "account_link"
    SUPPORT = "support"


class Linking(StrEnum):
    """How a contract comes into the cabinet (CON-01, 02, 03, 07)."""

    INN_AND_NUMBER = "inn_and_number"
    NUMBER_AND_EMAIL = "number_and_email"
    ACCOUNT_HOLDER_METER = "account_holder_meter"
    NONE = "none"


class Resource(StrEnum):
    """What is supplied."""

    ELECTRICITY = "electricity"
    COLD_WATER = "cold_water"
    HOT_WATER = "hot_water"
    SEWAGE = "sewage"
    HEAT = "heat"


class Section(StrEnum):
    """A room of the cabinet that a policy may open (SITE-05)."""

    LINK_CONTRACT = "link_contract"
    ADD_CONTRACT = "add_contract"
    LINK_ACCOUNT = "link_account"
    READINGS = "readings"
    HOUSEHOLD_READINGS = "household_readings"
    PUBLIC_READINGS = "public_readings"
    SEWAGE_VOLUMES = "sewage_volumes"
    ARCHIVE = "archive"
    CONTRACTS = "contracts"
    RECONCILIATION_ACTS = "reconciliation_acts"
    POINT_READINGS = "point_readings"
    REQUESTS = "requests"
    SLIP = "slip"
    PERSONAL_DATA = "personal_data"
    CALCULATOR = "calculator"
    REFERENCES = "references"
    HISTORY = "history"
    TICKETS = "tickets"
    HELP = "help"


class Limits(_Rule):
    """How many wrong tries are borne (TRUST 6); signing in has figures of its own."""

    wrong_links_per_user_a_day: int = Field(default=5, ge=1)
    wrong_links_per_address_an_hour: int = Field(default=20, ge=1)
    # Nobody is refused for what others tried with an account: above this it only slows down, and somebody looks.
    wrong_links_per_account_a_day: int = Field(default=10, ge=1)
    wrong_sign_ins_per_login_an_hour: int = Field(default=10, ge=1)
    wrong_sign_ins_per_address_an_hour: int = Field(default=60, ge=1)
    letters_per_address_an_hour: int = Field(default=5, ge=1)


class Plausibility(_Rule):
    """Figures of DOMAIN §1.5: above the floor and thrice the average a reading asks to be confirmed.

    `by_own_past` measures whoever has a past by its median and spread instead: a household lives by its seasons.
    """

    by_own_past: bool = False

    average_factor: Decimal = Field(default=Decimal(3), gt=0)
    default_floor: Decimal = Field(default=Decimal(30), gt=0)
    floors: dict[Resource, Decimal] = Field(
        default_factory=lambda: {
            Resource.COLD_WATER: Decimal(30),
            Resource.HOT_WATER: Decimal(30),
            Resource.ELECTRICITY: Decimal(500),
        }
    )


class Policy(_Rule):
    """What differs between providers: data, validated when saved, never a fork of the code (SITE-02)."""

    schema_version: Literal[1] = 1
    sections: tuple[Section, ...]
    sign_up: SignUp
    recovery: Recovery
    linking: Linking
    window: WindowRule
    old_logins: bool = False
    # People sign in by the number that they signed up with, beside their address (REG-05).
    account_logins: bool = False
    account_digits: int = Field(default=9, ge=4, le=20)
    # How hard a browser works before it may name an account without signing in; each bit doubles it (READ-18).
    public_proof_bits: int = Field(default=16, ge=8, le=26)
    letter_link_hours: int = Field(default=24, ge=1, le=168)
    password_min_length: int = Field(default=8, ge=8, le=64)
    roles_shown: bool = False
    limits: Limits = Field(default_factory=Limits)
    plausibility: Plausibility = Field(default_factory=Plausibility)

    @property
    def has_sign_up(self) -> bool:
        """Say whether people can sign up by themselves."""
        return self.sign_up in OPEN_SIGN_UPS

    @property
    def introduces(self) -> bool:
        """Say whether people are asked who they are after sign-up, before anything opens (REG-01)."""
        return self.sign_up is SignUp.EMAIL
