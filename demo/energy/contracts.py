"""The contracts of an electricity retailer: from a kiosk with one point to a network with four hundred."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Final, TypeVar

from demo.customers import customer
from demo.energy import requisites
from demo.energy.annexes import annexes
from demo.energy.history import MONTHS
from demo.energy.meters import Stand, meters_at
from demo.values import DemoContract, MeterSet, Seed, Utility
from kabinet.contracts.values import ContractKind, EntryStatus
from kabinet.exchange.values import entities
from kabinet.kernel.periods import Month

Choice = TypeVar("Choice")

# In each run of contracts so long, the first ones have what the stories are told of.
RUN: Final = 60
OFFICE, BRANCH, SHOP, NETWORK, KIOSK, CHAIN, WORKSHOP, HOLDING, WITHOUT_METERS, PLANT = range(10)
POINTS: Final = {
    OFFICE: 14, BRANCH: 5, SHOP: 3, NETWORK: 400, KIOSK: 1, CHAIN: 24, WORKSHOP: 2, HOLDING: 120, WITHOUT_METERS: 2,
    PLANT: 60,
}  # fmt: skip
CATEGORIES: Final = {
    OFFICE: 3, BRANCH: 1, SHOP: 2, NETWORK: 1, KIOSK: 1, CHAIN: 2, WORKSHOP: 4, HOLDING: 3, WITHOUT_METERS: 5, PLANT: 6,
}  # fmt: skip
STORIES: Final = {
    NETWORK: "400 точек поставки",
    HOLDING: "120 точек поставки, третья ценовая категория",
    WITHOUT_METERS: "точки без приборов учёта",
    PLANT: "60 точек поставки, шестая ценовая категория",
}
# At the contract of the office, and of the network, the last points say why nothing is entered at them.
CLOSED_STATUSES: Final = (
    EntryStatus.PERIOD_CLOSED,
    EntryStatus.AMI,
    EntryStatus.OUT_OF_SERVICE,
    EntryStatus.DISCONNECTED,
)
_WITH_ALL_STATUSES: Final = frozenset({OFFICE, NETWORK})
_SIZES: Final = ((1, 30), (2, 22), (3, 15), (4, 11), (6, 9), (9, 6), (14, 4), (22, 2), (35, 1))
_CATEGORIES: Final = ((1, 46), (2, 18), (3, 14), (4, 9), (5, 7), (6, 6))
_STATUSES: Final = ((EntryStatus.AWAITING, 93), (EntryStatus.AMI, 5), (EntryStatus.DISCONNECTED, 2))
_PLACES: Final = (
    "Магазин", "Склад", "Офис", "Цех", "Котельная", "Насосная станция", "Гараж", "Пекарня", "Столовая", "АЗС",
    "Базовая станция", "Кафе", "Мастерская", "Проходная", "Ангар",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Making:
    """What is at hand while one contract is made."""

    utility: Utility
    seed: Seed
    index: int
    random: Random

    @property
    def id(self) -> str:
        return f"{self.utility.slug}-c{self.index:05d}"

    @property
    def story(self) -> int:
        return self.index if self.index < RUN else -1

    @property
    def months(self) -> list[Month]:
        """Return the months of readings: all that are over, as many as asked."""
        count = MONTHS if self.index < RUN else max(1, self.seed.months)
        current = Month.of(self.seed.today)
        return [current.plus(-back) for back in range(count, 0, -1)]


def contracts(utility: Utility, *, size: int, seed: Seed) -> Iterator[DemoContract]:
    """Give the contracts of a retailer one after another; a larger size only adds to those of a smaller."""
    for index in range(utility.contracts * size):
        random = Random(f"{seed.word}/{utility.slug}/{index}")  # noqa: S311 - figures for show, not secrets
        yield _contract(Making(utility, seed, index, random))


def _contract(making: Making) -> DemoContract:
    random = making.random
    party = customer(random, making.index, tax_office=making.utility.tax_office)
    signed_on = date(random.randrange(2006, making.seed.today.year - 3), random.randrange(1, 13), 1)
    category = CATEGORIES.get(making.story) or _drawn(_CATEGORIES, random)
    contract = entities.Contract(
        external_id=making.id,
        version=1,
        number=contract_number(making.index),
        kind=ContractKind.BUSINESS,
        customer_name=party.name,
        customer_number=str(700_000 + making.index),
        inn=party.inn,
        kpp=party.kpp,
        signed_on=signed_on,
        price_category=category,
        emails=(f"energo{making.index}@example.com", party.email),
        valid_from=signed_on,
        **requisites.of(making.index, utility=making.utility, is_person=not party.kpp, random=random),
    )
    points = _points(making, contract, count=POINTS.get(making.story) or _drawn(_SIZES, random))
    return DemoContract(
        contract,
        party,
        points,
        tuple(_meters(making, points, category=category)),
        annexes=annexes(contract, points, utility=making.utility, is_own=making.index in POINTS),
        shows=STORIES.get(making.story, ""),
    )


def contract_number(index: int) -> str:
    """Return fourteen digits; neighbours are not in a row."""
    return f"5910{(index * 7_919_993 + 2_000_731_117) % 10**10:010d}"


def _points(making: Making, contract: entities.Contract, *, count: int) -> tuple[entities.SupplyPoint, ...]:
    town = making.utility.town
    return tuple(
        entities.SupplyPoint(
            external_id=f"{making.id}-p{place}",
            version=1,
            contract=making.id,
            code=f"{making.index + 1:04d}{place + 1:05d}",
            name=f"{making.random.choice(_PLACES)} № {place + 1}",
            address=f"{town.postcode}, {town.name}, {making.random.choice(town.streets)}, "
            f"{making.random.randrange(1, 290)}",
            entry_status=_status(making, place, count=count),
            valid_from=contract.valid_from,
        )
        for place in range(count)
    )


def _status(making: Making, place: int, *, count: int) -> EntryStatus:
    drawn = _drawn(_STATUSES, making.random)
    if making.story in _WITH_ALL_STATUSES and count - place <= len(CLOSED_STATUSES):
        return CLOSED_STATUSES[count - place - 1]
    return EntryStatus.AWAITING if making.index in POINTS and making.story != NETWORK else drawn


def _meters(making: Making, points: tuple[entities.SupplyPoint, ...], *, category: int) -> Iterator[MeterSet]:
    if making.story == WITHOUT_METERS:
        return
    shown = making.story in _WITH_ALL_STATUSES
    for place, point in enumerate(points):
        stand = Stand(
            point=point,
            category=category,
            months=making.months,
            today=making.seed.today,
            random=making.random,
            status=CLOSED_STATUSES[place - 4] if shown and 4 <= place < 4 + len(CLOSED_STATUSES) else None,  # noqa: PLR2004 - after the points that stories send for
            is_replaced=place == 2 if shown else making.random.randrange(50) == 0,  # noqa: PLR2004 - the third
            is_expired=place == 3 if shown else making.random.randrange(40) == 0,  # noqa: PLR2004 - the fourth
        )
        yield from meters_at(stand)


def _drawn(choices: tuple[tuple[Choice, int], ...], random: Random) -> Choice:
    return random.choices([one for one, _ in choices], weights=[weight for _, weight in choices])[0]
