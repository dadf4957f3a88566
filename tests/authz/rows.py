"""`authz.yml` as values: every row, what it takes, and what the reader refuses."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any, Final, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, field_validator

from kabinet.contracts.values import Role

ROOT: Final = Path(__file__).resolve().parents[2]
FILE: Final = ROOT / "authz.yml"

METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")
SAFE: Final = frozenset({"GET"})
ANONYMOUS: Final = "anonymous"
WAITING: Final = "waiting"
NEWCOMER: Final = "newcomer"
PARTNER: Final = "partner"
CUSTOMER: Final = "customer"
ROLES: Final = frozenset(role.value for role in Role)
CUSTOMERS: Final = ROLES | {NEWCOMER}
# Roles of the office; its administrator is not that of a contract.
HALF_WAY: Final = "half_way"
OFFICE_ADMINISTRATOR: Final = "office_administrator"
STAFF: Final = frozenset({"support", "operator", "editor", "auditor", OFFICE_ADMINISTRATOR})
SHORT: Final = {CUSTOMER: CUSTOMERS, "staff": STAFF}
ACTORS: Final = CUSTOMERS | STAFF | {ANONYMOUS, WAITING, PARTNER, HALF_WAY}
OFFICE: Final = "staff:"

_NAME: Final = re.compile(r"\$\{?([a-z_]+)\}?")


class Place(StrEnum):
    """Where a request carries an object's id."""

    PATH = "path"
    QUERY = "query"
    BODY = "body"


class Row(BaseModel):
    """A door: a route, the methods by which it is entered, who may, and what the request carries."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    route: str
    methods: tuple[Literal["GET", "POST", "PUT", "PATCH", "DELETE"], ...] = ("GET",)
    act: str = ""
    allow: frozenset[str]
    path: Mapping[str, str | int] = Field(default_factory=dict)
    query: Mapping[str, str] = Field(default_factory=dict)
    body: Mapping[str, str] = Field(default_factory=dict)
    content: str = ""
    type: str = ""
    headers: Mapping[str, str] = Field(default_factory=dict)
    needs: Literal["", "confirmed_email"] = ""
    ended: Literal["open", "closed"] = "open"
    unseen: Literal["refused", "ignored"] = "refused"
    also: tuple[int, ...] = ()
    changes: bool = True
    without_provider: bool = False
    changes_password: bool = False

    @field_validator("allow", mode="before")
    @classmethod
    def _spell_out(cls, words: Any) -> frozenset[str]:
        """Put the actors in the place of «customer» and «staff»; refuse a word that is nobody."""
        named = frozenset(chain.from_iterable(SHORT.get(word, {word}) for word in words))
        if strangers := named - ACTORS:
            raise ValueError(f"nobody is called {', '.join(sorted(strangers))}")
        return named

    def __str__(self) -> str:
        return " ".join(filter(None, (self.route, ",".join(self.methods), self.act)))

    @property
    def is_unsafe(self) -> bool:
        return not SAFE.issuperset(self.methods)

    @property
    def is_for_partners(self) -> bool:
        return PARTNER in self.allow

    @property
    def is_of_office(self) -> bool:
        return self.route.startswith(OFFICE)

    def names(self) -> Mapping[str, Place]:
        """Return the `$names` that the row takes, each with the place that decides how a wrong one is answered."""
        places = {
            Place.BODY: (self.body, self.content, self.headers),
            Place.QUERY: (self.query,),
            Place.PATH: (self.path,),
        }
        return {name: place for place, texts in places.items() for name in _names_in(*texts)}


def _names_in(*texts: Mapping[str, Any] | str) -> Iterator[str]:
    for text in texts:
        lines = [text] if isinstance(text, str) else [*text.keys(), *map(str, text.values())]
        for line in lines:
            yield from _NAME.findall(line)


@cache
def rows() -> tuple[Row, ...]:
    """Read the file; two rows of one door must say by `act` in what they differ."""
    found = tuple(Row.model_validate(row) for row in yaml.safe_load(FILE.read_text(encoding="utf-8")))
    doors = Counter((row.route, method, row.act) for row in found for method in row.methods)
    twice = [door for door, times in doors.items() if times > 1]
    assert not twice, f"authz.yml has these doors twice; name them by «act»: {twice}"
    return found
