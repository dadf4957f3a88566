"""`./run bench import`: billing's accounts into the portal, beside a raw COPY of the same rows (BILL-01).

Batch by batch, a bare loader and the bare COPY of prepared text (`bench.raw`) run just before the import of the same
rows, so that all meet the same weather. A pass sends all batches: the first time, again, and with one account in twenty
changed; two more passes hand the rows over without a file, as the demonstration does. What comes without keys runs by
turns with a floor of its own (`bench.first`).
"""

import gc
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from django.db import connection

from bench import raw
from bench.accounts import ROWS_AN_ACCOUNT, accounts, as_file, as_rows
from bench.first import Turns, by_turns, crowds, empty
from bench.frame import Clocked, Spent, machine
from kabinet.exchange.formats import packing
from kabinet.exchange.formats.packing import MEGABYTE, Limits
from kabinet.exchange.models import Partner
from kabinet.exchange.services import batches
from kabinet.exchange.values.batches import Upload
from kabinet.exchange.values.entities import AnyRow
from kabinet.exchange.values.wire import Report
from kabinet.infra import ids
from kabinet.kernel.actors import Actor, ActorKind, Channel
from kabinet.providers.models import Provider

IN_A_BATCH: Final = 25_000
CHANGED_EVERY: Final = 20
LIMITS: Final = Limits(body=512 * MEGABYTE, unpacked=512 * MEGABYTE)
TABLES: Final = ("contracts_contract", "contracts_supplypoint", "contracts_meter", "contracts_register")
MICROSECONDS: Final = 10**6
HEADER: Final = (
    f"{'':<24} {'accounts/s':>10} {'rows/s':>9}   "
    f"{'÷ bare loader: wall':<19} {'processors':<19} {'µs app + pg':<12} {'(loader)':<12} "
    f"{'÷ prepared text':<19} rewritten"
)
Say = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Pass:
    """All batches once: what it is called, whether they come as files, which accounts are changed."""

    name: str
    words: str
    as_files: bool = True
    changed_every: int = 0

    def upload(self, rows: list[AnyRow]) -> Upload:
        return as_file(rows) if self.as_files else as_rows(rows, name=str(ids.new()))


PASSES: Final = (
    Pass("first", "first, from a file"),
    Pass("again", "again, from a file"),
    Pass("changed", "5 % changed, from a file", changed_every=CHANGED_EVERY),
)
HANDED: Final = (
    Pass("rows first", "first, rows handed over", as_files=False),
    Pass("rows again", "again, rows handed over", as_files=False),
)


def run(count: int, *, say: Say, is_whole: bool = True) -> None:
    """Import so many accounts in every way, or without keys alone, and say how long each took beside its neighbour."""
    say(machine())
    partner = _partner()
    raw.make_tables()
    say(f"{count} accounts of {ROWS_AN_ACCOUNT} rows, {min(count, IN_A_BATCH)} accounts a batch")
    say(HEADER)
    for passes in (PASSES, HANDED) if is_whole else ():
        empty()
        for each in passes:
            say(_line(each, count, partner=partner))
    for line in (*_crowd(count, partner=partner), *_first_load(count, partner=partner)):
        say(line)
    say(_line(PASSES[1], count, partner=partner))
    say(machine())


WITHOUT_KEYS: Final = "first, without keys"
CROWD: Final = "a crowd, without keys"
FLOOR: Final = "  COPY and keys alone"


def _crowd(count: int, *, partner: Partner) -> Iterator[str]:
    """Load the demonstration's crowd, handed over by columns."""
    turns = by_turns(lambda: crowds(count), partner=partner, by=_actor(partner))
    yield from _beside_floor(CROWD, turns, count, beside=f"{'':<19} {'':<19} {_shares(turns.load, count):<12}")


def _first_load(count: int, *, partner: Partner) -> Iterator[str]:
    """Load all batches of files as one; beside it, before, the bare loader, batch by batch."""
    clocked, mark = Clocked(), _transaction()
    for upload in _uploads(count):
        with clocked("bare"):
            raw.load(upload)
        raw.empty()
    turns = by_turns(lambda: map(_blocks, _uploads(count)), partner=partner, by=_actor(partner))
    spent, bare = turns.load, clocked.total("bare")
    beside = (
        f"{spent.wall / bare.wall:<19.2f} {spent.processors / bare.processors:<19.2f} {_shares(spent, count):<12} "
        f"{_shares(bare, count):<12} {'':<19} {_written_since(mark):>9}"
    )
    yield from _beside_floor(WITHOUT_KEYS, turns, count, beside=beside)


def _beside_floor(words: str, turns: Turns, count: int, *, beside: str) -> Iterator[str]:
    """Say how quickly a first load went, and under it the floor and how far above that it was."""
    for name, spent, told in (
        (words, turns.load, beside),
        (FLOOR, turns.floor, f"the line above ÷ this one: wall {turns.wall}, processors {turns.processors}"),
    ):
        yield f"{name:<24} {count / spent.wall:>10,.0f} {turns.rows / spent.wall:>9,.0f}   {told}"


def _blocks(upload: Upload) -> Iterator[packing.Block]:
    return packing.blocks_of(upload.file, packed=False, limits=LIMITS)


def _uploads(count: int) -> Iterator[Upload]:
    """Write each batch's file; what the benchmark itself holds in memory is none of the import's business."""
    for numbers in _batches(count):
        upload = as_file(accounts(numbers))
        gc.collect()
        gc.freeze()
        yield upload
        gc.unfreeze()


def _line(each: Pass, count: int, *, partner: Partner) -> str:
    clocked = Clocked()
    mark = _transaction()
    for numbers in _batches(count):
        _one(each, numbers, partner=partner, clocked=clocked)
    spent, bare = clocked.total("import"), clocked.total("bare")
    wall = clocked.over("import", "bare", of=lambda run: run.wall)
    processors = clocked.over("import", "bare", of=lambda run: run.processors)
    prepared = clocked.over("import", "prepared", of=lambda run: run.processors)
    speed = count / spent.wall
    return (
        f"{each.words:<24} {speed:>10,.0f} {speed * ROWS_AN_ACCOUNT:>9,.0f}   {wall!s:<19} {processors!s:<19} "
        f"{_shares(spent, count):<12} {_shares(bare, count):<12} {prepared!s:<19} {_written_since(mark):>9}"
    )


def _shares(spent: Spent, count: int) -> str:
    """Say what an account took of processors here and at the server."""
    return f"{spent.application * MICROSECONDS / count:.0f} + {spent.server * MICROSECONDS / count:.0f}"


def _batches(count: int) -> Iterator[range]:
    for start in range(0, count, IN_A_BATCH):
        yield range(start, min(start + IN_A_BATCH, count))


def _one(each: Pass, numbers: range, *, partner: Partner, clocked: Clocked) -> None:
    rows = accounts(numbers, changed_every=each.changed_every)
    prepared, upload = raw.blocks(rows), each.upload(rows)
    # What the benchmark itself holds in memory is none of the import's business.
    gc.collect()
    gc.freeze()
    with clocked("prepared"):
        raw.copy(prepared)
    raw.empty()
    with clocked("bare"):
        raw.load(upload)
    raw.empty()
    upload.file.seek(0)
    with clocked("import"):
        report = _receive(upload, partner=partner)
    gc.unfreeze()
    if sum(entity.rows for entity in report.entities.values()) != len(rows):
        raise AssertionError(report)


def _receive(upload: Upload, *, partner: Partner) -> Report:
    by, at = _actor(partner), datetime.now(UTC)
    return batches.receive(upload, partner=partner, key=str(ids.new()), is_dry_run=False, limits=LIMITS, by=by, at=at)


def _actor(partner: Partner) -> Actor:
    return Actor(ActorKind.PARTNER, id=partner.pk, provider_id=partner.provider_id, channel=Channel.EXCHANGE)


def _partner() -> Partner:
    provider = Provider.objects.create(
        slug="bench",
        name="Водоканал",
        short_name="Водоканал",
        portal_title="Личный кабинет",
        inn="1831000009",
        zone_name="Europe/Samara",
        colour="#0b5cad",
        accent="#19b5c9",
    )
    return Partner.objects.create(provider=provider, name="Биллинг", source="billing", token_hash="0" * 64)


def _transaction() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        return int(cursor.fetchone()[0])


def _written_since(mark: int) -> int:
    """Count the rows that transactions after the mark wrote; the server is too young for its numbers to wrap."""
    total = 0
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT count(*) FROM {table} WHERE xmin::text::bigint > %s", [mark])  # noqa: S608
            total += int(cursor.fetchone()[0])
    return total
