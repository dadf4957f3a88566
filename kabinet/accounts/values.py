"""Codes and values of people, their sign-in and their consents."""

from dataclasses import dataclass
from enum import StrEnum


class Category(StrEnum):
    """Who takes part at a provider."""

    LEGAL = "legal"
    PERSON = "person"


class Purpose(StrEnum):
    """What a one-time secret opens."""

    CONFIRM_EMAIL = "confirm_email"
    RECOVER_PASSWORD = "recover_password"  # noqa: S105 - a purpose, not a password


class AgreementKind(StrEnum):
    """Documents that a person accepts, each by a box of its own (152-ФЗ, 38-ФЗ)."""

    TERMS = "terms"
    PERSONAL_DATA = "personal_data"
    ADVERTISING = "advertising"


REQUIRED_AGREEMENTS = (AgreementKind.TERMS, AgreementKind.PERSONAL_DATA)


@dataclass(frozen=True, slots=True)
class Place:
    """From where an act came: address and agent of the browser."""

    address: str
    agent: str


@dataclass(frozen=True, slots=True)
class Newcomer:
    """What the sign-up form of a legal entity gives (REG-04)."""

    email: str
    password: str
    last_name: str
    first_name: str
    middle_name: str
    phone: str
    organisation: str
    wants_advertising: bool
