"""`./run bench slips`: payment slips from the database to PDF (PAY-04).

Beside each slip, in the same run, typst alone prints another flat's facts (the same ones it would remember): what is
ours is the reading, the words, the code and the file. Then two processes print together, as two web processes would.
"""

import multiprocessing
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, Final
from uuid import UUID

import django
from django.conf import settings
from django.db import connection

from bench.frame import Clocked, machine
from kabinet.billing.formats import slip_pdf
from kabinet.billing.models import Balance, Charge
from kabinet.billing.selectors.slips import slip_of
from kabinet.billing.services.slips import print_slip
from kabinet.billing.views.slips import facts_of
from kabinet.contracts.models import Contract, House, Meter, Register, SupplyPoint
from kabinet.contracts.values import MembershipValue, Role, Viewer
from kabinet.infra import ids
from kabinet.kernel.periods import Month
from kabinet.providers.models import Provider
from kabinet.readings.models import Reading

Say = Callable[[str], object]
SINCE: Final = date(2020, 1, 1)
MONTH: Final = Month(2026, 9)
PROCESSES: Final = 2
NAMED: Final = {"source": "billing", "version": 1}
# Two zones with common needs, hot water by two prices, heat by the norm.
LINES: Final = (
    ("electricity", "supply", "day", "meter", "100", "kwh", "2.80", "280.00"),
    ("electricity", "supply", "night", "meter", "26", "kwh", "1.54", "40.04"),
    ("electricity", "common_needs", "", "norm", "30.31", "kwh", "2.43", "73.65"),
    ("hot_water", "supply", "", "meter", "6", "m3", "39.52", "237.12"),
    ("hot_water", "supply", "", "meter", "0.3546", "gcal", "2418.64", "857.65"),
    ("heat", "supply", "", "norm", "0.7428", "gcal", "2418.64", "1796.59"),
)


def run(count: int, *, say: Say) -> None:
    """Print so many slips one after another, each beside typst's bare print, then as many by two processes."""
    say(machine())
    contracts, others = _town(count), _town(count, since=count)
    clocked = Clocked()
    with tempfile.TemporaryDirectory() as folder:
        settings.DATA_DIR = folder
        _one(contracts[0], beside=others[0], clocked=Clocked())
        for contract_id, other in zip(contracts[1:], others[1:], strict=True):
            _one(contract_id, beside=other, clocked=clocked)
    whole, bare, count = clocked.total("slip"), clocked.total("bare"), count - 1
    say(f"{count} slips: {_each(whole.wall, count)}, of processors {_each(whole.application, count)} and the server's "
        f"{_each(whole.server, count)}; typst alone {_each(bare.wall, count)}, of processors "
        f"{_each(bare.application, count)}")  # fmt: skip
    say(f"ratio {clocked.over('slip', 'bare', of=lambda spent: spent.wall)!s}, of processors "
        f"{clocked.over('slip', 'bare', of=lambda spent: spent.processors)!s}; goal 1.3")  # fmt: skip
    say(f"{PROCESSES} processes: {_together(contracts):.0f} slips a second; goal 60")
    say(machine())


def _each(seconds: float, count: int) -> str:
    return f"{seconds / count * 1000:.1f} ms"


def _one(contract_id: UUID, *, beside: UUID, clocked: Clocked) -> None:
    with clocked("slip"):
        print_slip(_facts(contract_id))
    known = _facts(beside)
    with clocked("bare"):
        slip_pdf.to_pdf(known)


def _facts(contract_id: UUID) -> str:
    provider = _provider()
    held = (MembershipValue(contract_id, Role.MANAGER),)
    viewer = Viewer(ids.new(), ids.new(), provider.pk, email_confirmed=True, display_name="", memberships=held)
    slip = slip_of(viewer, contract_id, MONTH)
    if slip is None:
        raise AssertionError("the bench has its slips")
    return facts_of(slip, provider=provider)


@cache
def _provider() -> Provider:
    """Return whose slips they are, read once: a request finds it remembered, too."""
    return Provider.objects.get()


def _together(contracts: Sequence[UUID]) -> float:
    """Return how many slips a second two processes print, their start and first page left out."""
    connection.close()
    halves = [list(contracts[place::PROCESSES]) for place in range(PROCESSES)]
    with ProcessPoolExecutor(
        PROCESSES, mp_context=multiprocessing.get_context("spawn"), initializer=django.setup
    ) as pool:
        spans = list(pool.map(print_all, halves))
    return len(contracts) / (max(end for _, end in spans) - min(start for start, _ in spans))


def print_all(contracts: Sequence[UUID]) -> tuple[float, float]:
    with tempfile.TemporaryDirectory() as folder:
        settings.DATA_DIR = folder
        print_slip(_facts(contracts[0]) + " ")
        start = time.monotonic()
        for contract_id in contracts:
            print_slip(_facts(contract_id))
        return start, time.monotonic()


def _town(count: int, *, since: int = 0) -> list[UUID]:
    """Make so many households with a month of money and readings, in the house that is there or is made."""
    house = House.objects.select_related("provider").first() or _house()
    return [_household(house.provider, house, since + number) for number in range(count)]


def _house() -> House:
    provider = Provider.objects.create(
        slug="bench", name="АО «Бытэнергосбыт»", short_name="Сбыт", portal_title="Личный кабинет", inn="1831000001",
        zone_name="Europe/Samara", colour="#0b5cad", accent="#19b5c9",
        bank_details={
            "name": "Банк, г. Ижевск", "bic": "049401999", "account": "40702810300000000018",
            "correspondent": "30101810000000000999",
        },
    )  # fmt: skip
    return House.objects.create(
        provider=provider, **NAMED, external_id="d", valid_from=SINCE, address="г. Ижевск, ул. Ленина, д. 1",
        house_type="gas_stove", settlement="city", total_area=8637, common_area=1498,
    )  # fmt: skip


def _household(provider: Provider, house: House, number: int) -> UUID:
    own: dict[str, Any] = {"provider": provider, **NAMED, "valid_from": SINCE, "external_id": str(number)}
    contract = Contract.objects.create(
        **own, number=f"{number:09d}", kind="household", customer_name="Иванова Наталья Николаевна", house=house,
        holder_last="Иванова", holder_first="Наталья", holder_middle="Николаевна",
    )  # fmt: skip
    point = SupplyPoint.objects.create(**own, contract=contract, code="1", address=f"{house.address}, кв. {number}")
    for place, (resource, zones) in enumerate((("electricity", ("day", "night")), ("hot_water", ("single",)))):
        own["external_id"] = f"{number}/{place}"
        meter = Meter.objects.create(**own, contract=contract, point=point, number=f"11{number}", resource=resource)
        for zone in zones:
            own["external_id"] = f"{number}/{place}/{zone}"
            _read(Register.objects.create(
                **own, contract=contract, meter=meter, quantity="V", zone=zone, integer_digits=5, fraction_digits=0
            ))  # fmt: skip
    _charge(contract)
    return contract.pk


def _read(register: Register) -> None:
    for month, value in ((MONTH.previous, 100), (MONTH, 200)):
        Reading.objects.create(
            contract_id=register.contract_id, provider_id=register.provider_id, register=register, value=value,
            source_system="billing", external_id=f"{register.external_id}/{month}", version=1, month=month.first,
            taken_on=month.day(20), source="customer",
        )  # fmt: skip


def _charge(contract: Contract) -> None:
    of = {"contract": contract, "provider_id": contract.provider_id, **NAMED, "month": MONTH.first}
    charged: dict[str, Decimal] = {}
    for place, (resource, kind, zone, basis, quantity, unit, price, amount) in enumerate(LINES):
        Charge.objects.create(
            **of, external_id=str(place), resource=resource, kind=kind, zone=zone, basis=basis, unit=unit,
            quantity=Decimal(quantity), price=Decimal(price), amount=Decimal(amount),
        )  # fmt: skip
        charged[resource] = charged.get(resource, Decimal(0)) + Decimal(amount)
    for resource, sum_ in charged.items():
        Balance.objects.create(
            **of, external_id=resource, resource=resource, opening=0, charged=sum_, recalculated=0, penalty=0, paid=0,
            closing=sum_,
        )  # fmt: skip
