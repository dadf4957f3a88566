"""`./run bench readings-file`: a file of 10,000 registers to stored rows (READ-12).

Beside it, in the same run and the same weather: python-calamine's bare read of the same file, and a bare COPY of the
same rows (submissions, events and fates, as they were stored) into tables without a single index.
"""

import io
import resource
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Final

import xlsxwriter
from django.db import connection, transaction
from python_calamine import load_workbook

from bench.frame import Clocked, machine
from kabinet.accounts.models import User
from kabinet.contracts.models import Contract, Membership, Meter, Register, SupplyPoint
from kabinet.infra import parsing
from kabinet.infra.memory import collect_rarely
from kabinet.kernel.actors import Actor, ActorKind, Channel
from kabinet.providers import selectors as providers
from kabinet.providers.models import PolicyVersion, Provider
from kabinet.readings.models import Reading
from kabinet.readings.services import files, reading_files
from kabinet.readings.services.reading_files import Reading as Run

Say = Callable[[str], object]
ROUNDS: Final = 5
AT: Final = datetime(2026, 10, 8, 8, tzinfo=UTC)
SINCE: Final = date(2020, 1, 1)
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
STORED: Final = ("readings_submission", "infra_event", "readings_filerow")
POLICY: Final = {
    "sections": ["point_readings"],
    "sign_up": "email",
    "recovery": "code",
    "linking": "number_and_email",
    "window": {"type": "until_closed"},
}
HEADERS: Final = (
    "Код ЭО", "Наименование ЭО", "Статус ЭО", "Номер ПУ", "Наименование ИК", "Измеряемая величина", "Шкала",
    "Предыдущие показания", "Текущие показания",
)  # fmt: skip


def run(count: int, *, say: Say) -> None:
    """Send a file of so many registers, each round with new values, and say what that cost beside the bare pair."""
    say(machine())
    # As the worker of jobs does, which applies the files.
    collect_rarely()
    contract, by = _world(count)
    clocked = Clocked()
    for number in range(ROUNDS):
        _round(number, count, contract=contract, by=by, clocked=clocked)
    whole = clocked.total("file").wall / ROUNDS
    pair = clocked.total("pair").wall / ROUNDS
    ratio = clocked.over("file", "pair", of=lambda spent: spent.wall)
    processors = clocked.over("file", "pair", of=lambda spent: spent.processors)
    spent, bare = clocked.total("file"), clocked.total("pair")
    parts = {name: clocked.total(name).wall / ROUNDS for name in ("read", "apply")}
    say(f"{count} registers, {ROUNDS} rounds: upload to stored rows {whole * 1000:.0f} ms ({_parts(parts)})")
    say(f"bare calamine read + bare COPY of the same rows: {pair * 1000:.0f} ms")
    say(
        f"processors: {spent.application / ROUNDS:.2f} s here and in the child, {spent.server / ROUNDS:.2f} s in the"
        f" server; the pair {bare.processors / ROUNDS:.2f} s"
    )
    say(f"ratio by the wall {ratio!s}, by processors {processors!s}; goal 2.5")
    say(f"reading: {parsing.spent.seconds / ROUNDS:.2f} s of processors in the child of a file")
    say(f"peak memory: this process {_peak(resource.RUSAGE_SELF)} MB, child {parsing.spent.most_kilobytes // 1024} MB")
    say(machine())


def _parts(parts: dict[str, float]) -> str:
    return ", ".join(f"{name} {seconds * 1000:.0f} ms" for name, seconds in parts.items())


def _peak(whose: int) -> int:
    return resource.getrusage(whose).ru_maxrss // 1024


def _round(number: int, count: int, *, contract: Contract, by: Actor, clocked: Clocked) -> None:
    data = _book(count, value=1100 + number)
    provider = providers.provider_by_slug("bench", at=AT)
    if provider is None:
        raise AssertionError("the bench has its provider")
    with clocked("file"):
        file = files.choose(contract, io.BytesIO(data), name="f.xlsx", media_type=XLSX, by=by, at=AT)
        files.send(file, by=by, at=AT)
        with clocked("read"):
            given = reading_files.read(file.stored)
        with clocked("apply"):
            reading_files.apply(file.pk, given, reading=Run(provider, by, AT, AT.date(), 0))
    file.refresh_from_db()
    if file.counts != {"sent": count}:
        raise AssertionError(file.counts)
    _pair(data, clocked=clocked)


def _pair(data: bytes, *, clocked: Clocked) -> None:
    """Read the file bare, and copy the rows that were just stored into tables without an index."""
    with _bare_copies() as texts, tempfile.NamedTemporaryFile(suffix=".xlsx") as kept:
        Path(kept.name).write_bytes(data)
        with clocked("pair"):
            load_workbook(kept.name).get_sheet_by_index(0).to_python()
            with transaction.atomic(durable=True), connection.cursor() as cursor:
                for table, text in texts.items():
                    with cursor.copy(f"COPY bare_{table} FROM STDIN") as into:
                        into.write(text)


@contextmanager
def _bare_copies() -> Iterator[dict[str, bytes]]:
    """Give the rows of this round as COPY's text; make and drop the bare tables around."""
    texts = {}
    with connection.cursor() as cursor:
        for table in STORED:
            cursor.execute(f"CREATE TABLE bare_{table} (LIKE {table})")
            kept = bytearray()
            with cursor.copy(f"COPY (SELECT * FROM {table} WHERE {_OF_ROUND[table]}) TO STDOUT") as out:  # noqa: S608 - our own names
                for piece in out:
                    kept += piece
            texts[table] = bytes(kept)
    yield texts
    with connection.cursor() as cursor:
        for table in STORED:
            cursor.execute(f"DROP TABLE bare_{table}")


_NEWEST: Final = "(SELECT max(file_id::text)::uuid FROM readings_filerow)"
_OF_ROUND: Final = {
    "readings_submission": "state = 'sent'",
    "infra_event": "uid IN (SELECT id FROM readings_submission WHERE state = 'sent')",
    "readings_filerow": f"file_id = {_NEWEST}",
}


def _book(count: int, *, value: int) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("Показания")
        sheet.write_row(0, 0, HEADERS)
        for number in range(count):
            cells = [
                f"{number:08d}",
                f"Насосная станция {number}",
                "Ожидание",
                f"{10_000_000 + number}",
                f"ИК-{number}",
            ]
            sheet.write_row(number + 1, 0, [*cells, "A+", "Сутки", 1000, value])
    return out.getvalue()


def _world(count: int) -> tuple[Contract, Actor]:
    """Make a contract of so many points, each with a meter, a register and an accepted reading."""
    provider = Provider.objects.create(
        slug="bench", name="Сбыт", short_name="Сбыт", portal_title="Кабинет", inn="1831000009",
        zone_name="Europe/Samara", colour="#0b5cad", accent="#19b5c9",
    )  # fmt: skip
    PolicyVersion.objects.create(provider=provider, version=1, body=POLICY, valid_from=datetime(2020, 1, 1, tzinfo=UTC))
    names = {"provider": provider, "source": "billing", "version": 1, "valid_from": SINCE}
    contract = Contract.objects.create(
        external_id="c", number="1", kind="business", customer_name="ООО «Мельница»", **names
    )
    user = User.objects.create(email="bench@example.com", joined_at=AT, email_confirmed_at=AT)
    Membership.objects.create(user=user, contract=contract, role="manager", granted_at=AT)
    _places(count, contract, names)
    return contract, Actor(ActorKind.CUSTOMER, id=user.pk, provider_id=provider.pk, channel=Channel.FILE)


def _places(count: int, contract: Contract, names: dict[str, object]) -> None:
    points = [
        SupplyPoint(contract=contract, external_id=f"p{n}", code=f"{n:08d}", name=f"Насосная станция {n}", address="-",
                    **names)
        for n in range(count)
    ]  # fmt: skip
    meters = [
        Meter(contract=contract, point=point, external_id=f"m{n}", number=f"{10_000_000 + n}", resource="electricity",
              **names)
        for n, point in enumerate(points)
    ]  # fmt: skip
    registers = [
        Register(
            contract=contract, meter=meter, external_id=f"r{n}", quantity="A+", zone="single", integer_digits=6,
            fraction_digits=2, physical_limit_per_day=Decimal(5000), **names,
        )
        for n, meter in enumerate(meters)
    ]  # fmt: skip
    readings = [
        Reading(
            contract=contract, provider_id=contract.provider_id, register=register, source_system="billing",
            external_id=f"v{n}", version=1, month=date(2026, 9, 1), taken_on=date(2026, 9, 30), value=Decimal(1000),
            source="customer",
        )
        for n, register in enumerate(registers)
    ]  # fmt: skip
    SupplyPoint.objects.bulk_create(points, batch_size=1000)
    Meter.objects.bulk_create(meters, batch_size=1000)
    Register.objects.bulk_create(registers, batch_size=1000)
    Reading.objects.bulk_create(readings, batch_size=1000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
