"""Which contracts a utility has, by what it lives by."""

from collections.abc import Iterator, Mapping
from typing import Final, Protocol

from demo import contracts as water
from demo.crowd import crowd
from demo.energy import contracts as energy
from demo.households import contracts as households
from demo.values import DemoContract, Seed, Trade, Utility
from kabinet.exchange.values.sheets import Sheet


class Maker(Protocol):
    def __call__(self, utility: Utility, *, size: int, seed: Seed) -> Iterator[DemoContract]: ...


_MAKERS: Final[Mapping[Trade, Maker]] = {
    Trade.WATER: water.contracts,
    Trade.ENERGY: energy.contracts,
    Trade.HOUSEHOLDS: households.contracts,
}


def contracts_of(utility: Utility, *, size: int, seed: Seed) -> Iterator[DemoContract]:
    """Give the contracts of a utility one after another; a larger size only adds to those of a smaller."""
    return _MAKERS[utility.trade](utility, size=size, seed=seed)


def crowd_of(utility: Utility, *, size: int, seed: Seed) -> Iterator[list[Sheet]]:
    """Give what stands behind them in a water company of thousands."""
    return crowd(utility, size=size, seed=seed) if utility.trade is Trade.WATER else iter(())
