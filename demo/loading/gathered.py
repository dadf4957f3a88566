"""What is kept of contracts while they pass by on their way to the portal: to make them again would take as long."""

import sqlite3
from dataclasses import dataclass, field, replace

from demo.households.prices import price_list
from demo.sheet import FIRST_KEPT
from demo.values import DemoContract
from sandbox.charging import books
from sandbox.charging.values import Account, HouseFacts


@dataclass(slots=True)
class Gathered:
    """The first contracts, for the sheet; the accounts that billing goes on charging, and their houses."""

    firsts: list[DemoContract] = field(default_factory=list)
    accounts: list[Account] = field(default_factory=list)
    houses: dict[str, HouseFacts] = field(default_factory=dict)

    def take(self, contract: DemoContract) -> None:
        """Keep what will be asked for; years of bills are not."""
        if len(self.firsts) < FIRST_KEPT:
            self.firsts.append(replace(contract, after=()))
        if contract.account and contract.house:
            self.accounts.append(contract.account)
            self.houses[contract.house.id] = contract.house

    def begin_accounts(self, db: sqlite3.Connection, slug: str) -> None:
        """Write the accounts into billing's own books."""
        if self.accounts:
            books.begin(db, slug, prices=price_list(), houses=self.houses.values(), accounts=self.accounts)
