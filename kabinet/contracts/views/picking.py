"""The list of supply points to pick from: searched and paged by the server, so that it works without scripts."""

from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.http import QueryDict

from kabinet.contracts import selectors
from kabinet.contracts.models import Contract, SupplyPoint
from kabinet.contracts.rules import picking

ON_A_PAGE: Final = 20
LONGEST_PHRASE: Final = 100


@dataclass(frozen=True, slots=True)
class Picker:
    """One page of the list, and what is picked on it and elsewhere; what the contract does not have is `unknown`."""

    page: Page[SupplyPoint]
    phrase: str
    picked: frozenset[UUID]
    unknown: frozenset[UUID] = frozenset()

    @property
    def elsewhere(self) -> str:
        """Return what is picked on other pages, for the hidden field."""
        return picking.pack(self.picked - {point.pk for point in self.page})

    @property
    def everything(self) -> str:
        """Return all that is picked, for a page that does not show the list."""
        return picking.pack(self.picked)

    @property
    def number(self) -> int:
        return len(self.picked)

    @property
    def is_long(self) -> bool:
        """Say whether there is anything to search in."""
        return bool(self.phrase) or self.page.paginator.count > ON_A_PAGE


def picker_of(contract: Contract, picked: frozenset[UUID]) -> Picker:
    """Return the list as it is first shown."""
    return _picker(contract, phrase="", number="1", picked=picked)


def picker_from(contract: Contract, sent: QueryDict) -> Picker:
    """Return the list after a button was pressed: `do` is find, all, none or page-N; other buttons leave it."""
    phrase, do = sent.get("phrase", "")[:LONGEST_PHRASE], sent.get("do", "")
    picked = picking.unpack(sent.get("elsewhere", "")) | picking.ids_in(sent.getlist("points"))
    if do == "all":
        picked |= set(selectors.points_of(contract, phrase=phrase).values_list("pk", flat=True))
    if do == "none":
        picked = frozenset()
    known = frozenset(selectors.points_of(contract).filter(pk__in=picked).values_list("pk", flat=True))
    number = do.removeprefix("page-") if do.startswith("page-") else sent.get("page", "1")
    shown = _picker(contract, phrase=phrase, number="1" if do == "find" else number, picked=known)
    return replace(shown, unknown=picked - known)


def _picker(contract: Contract, *, phrase: str, number: str, picked: frozenset[UUID]) -> Picker:
    page = Paginator(selectors.points_of(contract, phrase=phrase), ON_A_PAGE).get_page(number)
    return Picker(page=page, phrase=phrase, picked=picked)
