"""Codes and values of what billing prepares for customers."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Protocol


class Delivery(StrEnum):
    """How a customer wants the act."""

    CABINET = "cabinet"
    EMAIL = "email"


class ActState(StrEnum):
    """Asked for → prepared by billing → received by the customer; or refused with a reason (DOC-03)."""

    REQUESTED = "requested"
    PREPARED = "prepared"
    RECEIVED = "received"
    REFUSED = "refused"


class ActProblem(StrEnum):
    """Why an act is not asked for."""

    ENDS_BEFORE_START = "ends_before_start"
    STARTS_IN_FUTURE = "starts_in_future"
    ENDS_IN_FUTURE = "ends_in_future"
    TOO_LONG = "too_long"
    ALREADY_ASKED = "already_asked"
    EMAIL_UNCONFIRMED = "email_unconfirmed"


@dataclass(frozen=True, slots=True)
class ActWish:
    """What a customer asks for: days, both included, and the way of delivery."""

    since: date
    until: date
    delivery: Delivery


class Basis(StrEnum):
    """What a quantity was taken from: a meter, the average of months before, the norm."""

    METER = "meter"
    AVERAGE = "average"
    NORM = "norm"


class Sums(Protocol):
    """What a month did to an account; above zero is owed."""

    @property
    def opening(self) -> Decimal: ...
    @property
    def charged(self) -> Decimal: ...
    @property
    def recalculated(self) -> Decimal: ...
    @property
    def penalty(self) -> Decimal: ...
    @property
    def paid(self) -> Decimal: ...
    @property
    def closing(self) -> Decimal: ...
