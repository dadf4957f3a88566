"""`./run bench pages`: «Показания» of a contract with thousands of meters beside that of one with five (READ-10).

Whole requests through every middleware, as a person's browser makes them, turn by turn in one run; what is compared is
the ratio. A folded point costs a line; so the same five points stand open on both pages.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Final

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.frame import Clocked, machine
from kabinet.accounts.models import Enrollment, Session, User
from kabinet.accounts.selectors import key_of
from kabinet.contracts.models import Contract, Membership, Meter, Register, SupplyPoint
from kabinet.infra import clock
from kabinet.kernel.periods import Month
from kabinet.providers.models import PolicyVersion, Provider
from kabinet.readings.models import Reading

Say = Callable[[str], object]
FEW: Final = 5
ROUNDS: Final = 100
WARM_UP: Final = 5
MONTHS: Final = 13
GOAL: Final = 1.5
SINCE: Final = date(2020, 1, 1)
LONG_AGO: Final = datetime(2020, 1, 1, tzinfo=UTC)
POLICY: Final = {
    "sections": ["point_readings", "contracts", "history", "tickets", "help"],
    "sign_up": "email",
    "recovery": "code",
    "linking": "number_and_email",
    "window": {"type": "until_closed"},
    "roles_shown": True,
}


@dataclass(frozen=True, slots=True)
class Page:
    """A page that is measured: who opens it, and its address."""

    name: str
    client: Client
    address: str

    def get(self) -> bytes:
        answer = self.client.get(self.address, headers={"Host": "localhost"})
        if answer.status_code != 200:  # noqa: PLR2004 - what HTTP calls well
            raise AssertionError(answer.status_code)
        return bytes(answer.content)


def run(count: int, *, say: Say) -> None:
    """Open the pages turn by turn, and say what each cost."""
    say(machine())
    provider = _provider()
    small, large = _customer(provider, FEW), _customer(provider, count)
    address = f"/{provider.slug}/readings/points/"
    opened = "&".join(f"open={point}" for point in large.points[:FEW])
    pages = [
        Page(f"{FEW} meters, {FEW} points open", small.client, address),
        Page(f"{count} meters, folded", large.client, address),
        Page(f"{count} meters, {FEW} points open", large.client, f"{address}?{opened}"),
        Page(f"{count} meters, last page", large.client, f"{address}?page=100000"),
        Page(f"{count} meters, found by number", large.client, f"{address}?q=1000{count - 1:04d}"),
    ]
    for page in pages:
        for _ in range(WARM_UP):
            page.get()
    clocked = Clocked()
    for _ in range(ROUNDS):
        for page in pages:
            with clocked(page.name):
                page.get()
    _tell(pages, clocked, say=say)
    say(machine())


def _tell(pages: Sequence[Page], clocked: Clocked, *, say: Say) -> None:
    floor = p95_of(clocked, pages[0].name)
    for page in pages:
        with CaptureQueriesContext(connection) as asked:
            size = len(page.get())
        p95 = p95_of(clocked, page.name)
        spent = clocked.total(page.name).processors * 1000 / ROUNDS
        say(
            f"{page.name}: p95 {p95 * 1000:.0f} ms, {p95 / floor:.2f} × (goal {GOAL}), processors {spent:.0f} ms, "
            f"statements {len(asked)}, {size / 1024:.0f} KB"
        )


def p95_of(clocked: Clocked, name: str) -> float:
    """Return the time within which nineteen of twenty runs were done."""
    times = sorted(spent.wall for spent in clocked.spent[name])
    return times[math.ceil(len(times) * 0.95) - 1]


@dataclass(frozen=True, slots=True)
class Customer:
    """A signed-in person with a contract of so many points."""

    client: Client
    points: tuple[str, ...]


def _provider() -> Provider:
    row = Provider.objects.create(
        slug="bench", name="Сбыт", short_name="Сбыт", portal_title="Кабинет", inn="1831000009",
        zone_name="Europe/Samara", colour="#0b5cad", accent="#19b5c9",
    )  # fmt: skip
    PolicyVersion.objects.create(provider=row, version=1, body=POLICY, valid_from=LONG_AGO)
    return row


def _customer(provider: Provider, count: int) -> Customer:
    now = clock.technical_now()
    names = {"provider": provider, "source": "billing", "version": 1, "valid_from": SINCE}
    contract = Contract.objects.create(
        external_id=f"c{count}", number=f"5910{count:010d}", kind="business", customer_name="ООО «Мельница»", **names
    )
    user = User.objects.create(
        email=f"bench{count}@example.com", joined_at=LONG_AGO, email_confirmed_at=LONG_AGO, first_name="Вера",
        last_name="Мельник", phone="+73430000001",
    )  # fmt: skip
    part = Enrollment.objects.create(
        user=user, provider=provider, category="legal", joined_at=LONG_AGO, organisation="ООО «Мельница»",
        position="Энергетик", address="ул. Мира, 1",
    )  # fmt: skip
    Membership.objects.create(user=user, contract=contract, role="manager", granted_at=LONG_AGO)
    client, token = Client(), f"token-of-bench-{count}"
    Session.objects.create(
        key=key_of(token), user=user, provider=provider, enrollment=part, started_at=now, seen_at=now,
        expires_at=now + timedelta(days=1), address="127.0.0.1", agent="bench",
    )  # fmt: skip
    client.cookies[settings.SESSION_COOKIE_NAME] = token
    return Customer(client, _places(count, contract, names))


def _places(count: int, contract: Contract, names: dict[str, object]) -> tuple[str, ...]:
    """Make points with a meter of one register each, and a year of accepted readings."""
    points = [
        SupplyPoint(contract=contract, external_id=f"{count}-p{n}", code=f"{n:08d}", name=f"Насосная станция {n}",
                    address=f"г. Ижевск, ул. Мира, {n}", **names)
        for n in range(count)
    ]  # fmt: skip
    meters = [
        Meter(contract=contract, point=point, external_id=f"{count}-m{n}", number=f"1000{n:04d}",
              resource="electricity", ratio=Decimal(40), **names)
        for n, point in enumerate(points)
    ]  # fmt: skip
    registers = [
        Register(
            contract=contract, meter=meter, external_id=f"{count}-r{n}", quantity="A+", zone="single",
            integer_digits=6, fraction_digits=2, physical_limit_per_day=Decimal(5000), **names,
        )
        for n, meter in enumerate(meters)
    ]  # fmt: skip
    this = Month.of(clock.now().date())
    readings = (
        Reading(
            contract=contract, provider_id=contract.provider_id, register=register, source_system="billing",
            external_id=f"{count}-v{n}-{back}", version=1, month=this.plus(-back).first,
            taken_on=this.plus(-back).last, value=Decimal(1000 + 100 * (MONTHS - back)), source="customer",
        )
        for n, register in enumerate(registers)
        for back in range(1, MONTHS)
    )  # fmt: skip
    SupplyPoint.objects.bulk_create(points, batch_size=1000)
    Meter.objects.bulk_create(meters, batch_size=1000)
    Register.objects.bulk_create(registers, batch_size=1000)
    Reading.objects.bulk_create(readings, batch_size=1000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return tuple(str(point.pk) for point in points)
