"""What stands around the content of a page. `home` builds these; the base template shows them."""

from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class MenuItem:
    """One entry of the main menu; `counter` is shown when it is not nought, a whole one holds the pages below it."""

    url: str
    label: str
    counter: int = 0
    active: bool = False
    icon: str = ""
    children: tuple["MenuItem", ...] = ()
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """What the head of the page offers to who is signed in; the name stands beside it, as `person_name`."""

    note: str = ""
    links: tuple[MenuItem, ...] = ()
    sign_out_url: str = ""


class Tone(StrEnum):
    INFO = "info"
    SUCCESS = "success"
    WARNING = "warning"
    DANGER = "danger"


@dataclass(frozen=True, slots=True)
class Bar:
    """A line over every page, such as «подтвердите e-mail»."""

    text: str
    tone: Tone = Tone.WARNING
    url: str = ""
    action: str = ""


@dataclass(frozen=True, slots=True)
class Footer:
    """Links of the foot of the page; an empty address leaves its link out."""

    manual_url: str = ""
    agreement_url: str = ""
    feedback_url: str = ""
    contacts_url: str = ""
    others: tuple[MenuItem, ...] = field(default=())
