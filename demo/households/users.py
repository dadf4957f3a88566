"""Households that have signed up: each shows something else of the private customer's portal."""

from collections.abc import Callable, Iterator, Sequence

from demo.households.houses import example_in
from demo.values import DemoContract, DemoUser, Person
from kabinet.providers.values import Resource
from sandbox.charging.values import Habit


def users(contracts: Sequence[DemoContract]) -> tuple[DemoUser, ...]:
    """Return the people; `contracts` are the provider's first ones."""
    return tuple(_users(contracts))


def _users(contracts: Sequence[DemoContract]) -> Iterator[DemoUser]:
    taken: set[str] = set()

    def first(suits: Callable[[DemoContract], bool]) -> list[DemoContract]:
        found = next((one for one in contracts if one.contract.external_id not in taken and suits(one)), None)
        taken.update([found.contract.external_id] if found else [])
        return [found] if found else []

    neighbours = [one for one in contracts if one.contract.house == contracts[0].contract.house]
    example = neighbours[example_in(len(neighbours)) - 1 :][:1]
    taken.update(one.contract.external_id for one in example)
    yield from _user("dom", example, "двухтарифный счётчик и горячая вода; ОДН за май 2013 года — 30,31 кВт·ч, 73,65 ₽")
    three = first(lambda one: _zones(one) == 3)  # noqa: PLR2004 - peak, night, half-peak
    more = first(lambda one: _electric(one) > 1)
    yield from _user("triada", three + more, "трёхтарифный счётчик; второй лицевой счёт — с двумя счётчиками")
    yield from _user("dolg", first(lambda one: _habit(one) is Habit.IN_PARTS), "платит частями: долг и пени")
    yield from _user(
        "molchun", first(_is_silent), "давно не передаёт показания: начисляют по среднему, затем по нормативу"
    )
    yield from _user("avans", first(lambda one: _habit(one) is Habit.AHEAD), "платит вперёд: аванс")


def _user(name: str, held: Sequence[DemoContract], shows: str) -> Iterator[DemoUser]:
    """Make the holder of the accounts somebody who signs in by the number of the first."""
    if not held:
        return
    holder: Person = held[0].customer.director
    yield DemoUser(
        email=f"{name}@example.com",
        person=holder,
        phone="+73412255568",
        organisation="",
        position="",
        shows=shows,
        contracts=tuple(one.contract.external_id for one in held),
        account=held[0].contract.number,
    )


def _zones(contract: DemoContract) -> int:
    return max((len(meter.registers) for meter in contract.meters), default=0)


def _electric(contract: DemoContract) -> int:
    return sum(meter.meter.resource is Resource.ELECTRICITY for meter in contract.meters)


def _habit(contract: DemoContract) -> Habit | None:
    return contract.account.habit if contract.account else None


def _is_silent(contract: DemoContract) -> bool:
    return contract.account is not None and any(meter.silent > 1 for meter in contract.account.meters)
