"""Codes and values of people, their sign-in and their consents."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Category(StrEnum):
    """Who takes part at a provider."""

    LEGAL = "legal"
    PERSON = "person"


class Purpose(StrEnum):
    """What a one-time secret opens."""

    CONFIRM_EMAIL = "confirm_email"
    RECOVER_PASSWORD = "recover_password"  # noqa: S105 - a purpose, not a password
    CHANGE_EMAIL = "change_email"
    FIRST_PASSWORD = "first_password"  # noqa: S105 - a purpose, not a password
    PASSWORD_LINK = "password_link"  # noqa: S105 - a purpose, not a password


class LoginKind(StrEnum):
    """Where a name that is no address comes from (REG-05)."""

    ACCOUNT = "account"
    LEGACY = "legacy"


class Mode(StrEnum):
    """As whom one signs up and in where the provider supplies people and organisations alike (REG-03)."""

    PERSON = "person"
    LEGAL = "legal"
    COMMUNAL = "communal"


class FirstPasswordState(StrEnum):
    """What became of a password that a letter brought."""

    OPEN = "open"
    USED = "used"
    EXPIRED = "expired"


class AgreementKind(StrEnum):
    """Documents that a person accepts, each by a box of its own (152-ФЗ, 38-ФЗ)."""

    TERMS = "terms"
    PERSONAL_DATA = "personal_data"
    ADVERTISING = "advertising"


REQUIRED_AGREEMENTS = (AgreementKind.TERMS, AgreementKind.PERSONAL_DATA)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A part of an agreement's text."""

    text: str
    is_heading: bool


class EmailProblem(StrEnum):
    """Why a text is not an address that a letter can reach."""

    EMPTY = "empty"
    SPACES = "spaces"
    NO_AT = "no_at"
    MIXED_SCRIPTS = "mixed_scripts"
    NAME_NOT_LATIN = "name_not_latin"
    BAD_NAME = "bad_name"
    BAD_DOMAIN = "bad_domain"


class PasswordProblem(StrEnum):
    """Why a password would not keep strangers out."""

    TOO_SHORT = "too_short"
    ONLY_DIGITS = "only_digits"
    ONE_SIGN = "one_sign"
    COMMON = "common"
    OWN_DATA = "own_data"


@dataclass(frozen=True, slots=True)
class Place:
    """From where an act came: address and agent of the browser."""

    address: str
    agent: str


@dataclass(frozen=True, slots=True)
class Browser:
    """What the agent's text tells of a browser; empty where it tells nothing."""

    name: str
    version: str
    system: str

    @property
    def family(self) -> str:
        """Return the name that stays the same when the browser updates itself."""
        return f"{self.name} {self.system}".strip()


@dataclass(frozen=True, slots=True)
class Newcomer:
    """What a sign-up form gives; `accepted` are the agreements whose boxes were ticked.

    By e-mail (REG-01) the person is asked for later, a legal entity's form (REG-04) asks for everything at once.
    """

    email: str
    password: str
    accepted: frozenset[UUID]
    last_name: str = ""
    first_name: str = ""
    middle_name: str = ""
    phone: str = ""
    organisation: str = ""


@dataclass(frozen=True, slots=True)
class Credentials:
    """What the sign-in form gives; the name is an address or, where the policy knows them, a login of before."""

    login: str
    password: str


@dataclass(frozen=True, slots=True)
class NewPassword:
    """What the page of recovery gives: the letter's code and the password to be."""

    email: str
    code: str
    password: str


@dataclass(frozen=True, slots=True)
class PasswordLink:
    """What the link of a letter opens: a new password for whoever signs in by these names."""

    login: str
    email: str


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What the page of agreements gives; the organisation is asked of those who are new at the provider."""

    accepted: frozenset[UUID]
    organisation: str = ""


@dataclass(frozen=True, slots=True)
class SecretValue:
    """What the rules of codes need to know of a one-time secret."""

    secret_hash: str
    expires_at: datetime
    wrong_tries: int


@dataclass(frozen=True, slots=True)
class PersonalData:
    """What «Редактирование профиля» shows and gives (PROF-01); what follows the names is the provider's own."""

    last_name: str
    first_name: str
    middle_name: str
    organisation: str
    position: str
    address: str = ""


class Introduction(StrEnum):
    """What «Давайте познакомимся» still has to ask (REG-01)."""

    PERSON = "person"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class Preferences:
    """The switches of NOTE-04: copies by letter, and the advertising text that is agreed to."""

    wants_letters: bool
    advertising: frozenset[UUID]


class StaffRole(StrEnum):
    """What a specialist of a provider is there for (STAFF-01)."""

    SUPPORT = "support"
    OPERATOR = "operator"
    EDITOR = "editor"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


class StaffAction(StrEnum):
    """The duties of the office, each given by roles."""

    ANSWER_TICKETS = "answer_tickets"
    APPOINT_ADMINISTRATORS = "appoint_administrators"
    OPEN_CARDS = "open_cards"
    RECOVER_ACCOUNTS = "recover_accounts"
    EXTEND_WINDOWS = "extend_windows"
    LOOK_AT_READINGS = "look_at_readings"
    PUBLISH_HELP = "publish_help"
    SET_CALENDAR = "set_calendar"
    SET_TARIFFS = "set_tariffs"
    SET_POLICY = "set_policy"
    MEND_EXCEPTIONS = "mend_exceptions"
    SEE_AUDIT = "see_audit"
    SEE_SPECIALISTS = "see_specialists"


@dataclass(frozen=True, slots=True)
class NewSpecialist:
    """Who is to work in the office, and as what."""

    email: str
    roles: frozenset[StaffRole]
    last_name: str = ""
    first_name: str = ""
    middle_name: str = ""


class RecoveryProblem(StrEnum):
    """Why the office may not touch the way in of a person; the first is one answer for all that may not be told."""

    NOT_HERE = "not_here"
    ADDRESS_TAKEN = "address_taken"
    SAME_ADDRESS = "same_address"
    NO_ADDRESS = "no_address"
