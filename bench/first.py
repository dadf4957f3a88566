"""A first load beside its floor: COPY of the very text that it sends, into the same tables without keys, and the keys.

The floor has read nothing, written nothing down and looked nothing up. What it takes is the server's share of a first
load: nothing of ours could make it less, only fewer keys, or a quicker machine.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Final

from django.db import connection, transaction
from psycopg import sql

from bench.frame import Clocked, Ratios, Spent
from demo.contracts import WITH_HISTORY
from demo.crowd import crowd
from demo.utilities import W
from demo.values import Seed
from kabinet.contracts.services.import_ import MEASURED
from kabinet.exchange.formats.packing import Block
from kabinet.exchange.models import Partner
from kabinet.exchange.services import first
from kabinet.exchange.services.staging import Filling
from kabinet.exchange.values.sheets import Sheet
from kabinet.exchange.values.wire import Report
from kabinet.infra.staging import Pourer, StraightStage, without_keys
from kabinet.kernel.actors import Actor

TURNS: Final = 3
TODAY: Final = date(2026, 12, 1)
Parts = Iterable[Block | Sheet]
Made = Callable[[], Iterable[Parts]]


@dataclass(slots=True)
class Turns:
    """What loads and their floors spent, turn by turn, and how many rows each of them brought in."""

    rows: int = 0
    loads: list[Spent] = field(default_factory=list)
    floors: list[Spent] = field(default_factory=list)

    @property
    def load(self) -> Spent:
        return _usual(self.loads)

    @property
    def floor(self) -> Spent:
        return _usual(self.floors)

    @property
    def wall(self) -> Ratios:
        return Ratios(tuple(load.wall / floor.wall for load, floor in zip(self.loads, self.floors, strict=True)))

    @property
    def processors(self) -> Ratios:
        pairs = zip(self.loads, self.floors, strict=True)
        return Ratios(tuple(load.processors / floor.processors for load, floor in pairs))


def _usual(turns: list[Spent]) -> Spent:
    """Return the turn that took neither the longest nor the shortest."""
    return sorted(turns, key=lambda spent: spent.wall)[len(turns) // 2]


def by_turns(made: Made, *, partner: Partner, by: Actor) -> Turns:
    """Let the floor and the load take the same batches one after the other; the rows of the last load stay."""
    texts, turns = _texts_of(made(), partner=partner), Turns()
    for _ in range(TURNS):
        clocked = Clocked()
        empty()
        with clocked("floor"):
            _fill(texts)
        empty()
        report = _load(made(), partner=partner, by=by, clocked=clocked)
        turns.rows = sum(entity.inserted for entity in report.entities.values())
        turns.floors.append(clocked.total("floor"))
        turns.loads.append(clocked.total("load"))
    return turns


def crowds(count: int) -> Iterator[list[Sheet]]:
    """Make the crowd of a demonstration that has so many contracts more than are made one by one."""
    return crowd(W, size=-(-(count + WITH_HISTORY) // W.contracts), seed=Seed(TODAY))


def empty() -> None:
    """Take all contracts away, and the memory of their coming: the same load once more would be done already."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE contracts_contract, infra_idempotencykey CASCADE")


class _Kept(Pourer):
    """Keeps what would be copied, table by table."""

    def __init__(self) -> None:
        self.texts: dict[str, list[bytes]] = {}

    def pour(self, statement: sql.Composable, text: bytes) -> None:
        self.texts.setdefault(statement.as_string(), []).append(text)


def _texts_of(batches: Iterable[Parts], *, partner: Partner) -> dict[str, bytes]:
    kept = _Kept()
    filling = Filling(StraightStage(MEASURED, provider_id=partner.provider_id, source=partner.source, pourer=kept))
    with transaction.atomic():
        for parts in batches:
            for part in parts:
                filling.take(part)
        filling.finish()
    return {statement: b"".join(texts) for statement, texts in kept.texts.items()}


def _fill(texts: dict[str, bytes]) -> None:
    pourer = Pourer()
    with transaction.atomic(durable=True), without_keys(first.Kind.CONTRACTS.value):
        for statement, text in texts.items():
            pourer.pour(sql.SQL(statement), text)


def _load(batches: Iterable[Parts], *, partner: Partner, by: Actor, clocked: Clocked) -> Report:
    """Load all batches as one; making them is not counted."""
    with ExitStack() as stack:
        with clocked("load"):
            loading = stack.enter_context(
                first.first_load(first.Kind.CONTRACTS, partner=partner, by=by, at=datetime.now(UTC), is_straight=True)
            )
        for parts in batches:
            with clocked("load"):
                for part in parts:
                    loading.take(part)
                loading.pour()
        with clocked("load"):
            stack.close()
    return loading.taken
