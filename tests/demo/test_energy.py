"""The retailer of the demonstration has every kind of point, meter and person that the business portal is for."""

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

import pytest

from demo.energy.contracts import BRANCH, NETWORK, OFFICE, POINTS, WITHOUT_METERS
from demo.energy.history import MONTHS
from demo.makers import contracts_of
from demo.sheet import provider_sheet
from demo.users import users
from demo.utilities import B
from demo.values import DemoContract, RegisterSet, Seed
from kabinet.contracts.values import EntryStatus, Quantity, Role, Zone
from kabinet.exchange.values.entities import ReadingOrigin
from kabinet.kernel.identifiers.bank import AccountKind, check_account
from kabinet.kernel.identifiers.codes import Code, check_code
from kabinet.kernel.identifiers.ogrn import check_ogrn
from kabinet.kernel.periods import Month

TODAY = date(2026, 10, 8)
any_day = pytest.mark.parametrize(
    "today", [TODAY, date(2026, 1, 8), date(2026, 3, 1), date(2026, 10, 31), date(2027, 2, 28)], ids=str
)


def made(today: date = TODAY, *, size: int = 1, months: int = 1) -> list[DemoContract]:
    return list(contracts_of(B, size=size, seed=Seed(today, months=months)))


def registers_of(found: list[DemoContract]) -> list[RegisterSet]:
    return [each for contract in found for meter in contract.meters for each in meter.registers]


def test_sizes_spread_from_one_point_to_four_hundred() -> None:
    sizes = sorted(len(contract.points) for contract in made())

    assert len(sizes) == 60
    assert (sizes[0], sizes[-1]) == (1, 400)
    assert len(set(sizes)) > 8


@any_day
def test_all_that_the_business_portal_tells_of_is_there(today: date) -> None:
    found = made(today)
    meters = [meter.meter for contract in found for meter in contract.meters]
    registers = [each.register for each in registers_of(found)]

    assert {contract.contract.price_category for contract in found} == set(range(1, 7))
    assert {register.quantity for register in registers} == set(Quantity) - {Quantity.VOLUME}
    assert {register.zone for register in registers} == set(Zone)
    assert {point.entry_status for contract in found for point in contract.points} == set(EntryStatus)
    assert {meter.entry_status for meter in meters if meter.valid_to is None} == set(EntryStatus)
    assert len({meter.ratio for meter in meters}) > 5
    assert any(meter.replaced_by for meter in meters)
    due = [meter.verification_due for meter in meters if meter.verification_due]
    assert min(due) < today < min(day for day in due if day > today) < today + timedelta(days=30)
    assert found[WITHOUT_METERS].meters == ()
    assert [len(contract.points) for contract in found[: len(POINTS)]] == list(POINTS.values())


@any_day
def test_first_points_of_the_office_may_be_sent_for(today: date) -> None:
    points = {point.external_id: point for point in made(today)[OFFICE].points[:3]}
    live = [m.meter for m in made(today)[OFFICE].meters if m.meter.supply_point in points and not m.is_removed]

    assert {point.entry_status for point in points.values()} == {EntryStatus.AWAITING}
    assert [meter.entry_status for meter in live] == [EntryStatus.AWAITING] * 3
    assert all(meter.verification_due and meter.verification_due > today for meter in live)


@any_day
def test_registers_of_a_meter_are_read_together_and_rise(today: date) -> None:
    for meter in (meter for contract in made(today) for meter in contract.meters):
        assert len({tuple(reading.taken_on for reading in each.readings) for each in meter.registers}) == 1
    for each in registers_of(made(today)):
        assert [r.taken_on for r in each.readings] == sorted({r.taken_on for r in each.readings})
        assert each.readings[-1].taken_on <= today
        limit = each.register.physical_limit_per_day
        assert limit is not None
        for before, after in pairwise(each.readings):
            assert 0 <= after.value - before.value <= limit * (after.taken_on - before.taken_on).days
        assert each.readings[-1].value * 2 < 10**each.register.integer_digits


@any_day
def test_history_is_of_closed_months_and_longer_than_a_year(today: date) -> None:
    lasting = [each for each in registers_of(made(today)) if len(each.readings) > 1]
    usual = [r for each in lasting for r in each.readings if r.origin is not ReadingOrigin.FINAL]

    assert max(reading.month for reading in usual) == Month.of(today).previous
    assert min(len(each.readings) for each in lasting) == MONTHS + 1 > 12
    assert all(reading.month.holds(reading.taken_on) for reading in usual)


@any_day
def test_replaced_meter_ends_where_the_new_one_begins(today: date) -> None:
    old = next(meter for meter in made(today)[OFFICE].meters if meter.is_removed)
    new = next(m for m in made(today)[OFFICE].meters if m.meter.external_id == old.meter.replaced_by)

    assert old.meter.valid_to == new.meter.valid_from
    assert {each.readings[-1].origin for each in old.registers} == {ReadingOrigin.FINAL}
    assert [each.register.quantity for each in old.registers] == [each.register.quantity for each in new.registers]


def test_requisites_pass_every_check() -> None:
    for contract in (each.contract for each in made(size=3)):
        assert check_code(Code.CONTRACT_14, contract.number).normalized == contract.number
        assert check_ogrn(contract.ogrn).valid
        assert check_account(contract.bank_account, bic=contract.bic).valid
        assert check_account(contract.correspondent_account, bic=contract.bic, kind=AccountKind.CORRESPONDENT).valid
        assert len(contract.emails) == 2


def test_contract_numbers_are_nobody_elses() -> None:
    numbers = [each.contract.number for each in made(size=20)]

    assert len(set(numbers)) == len(numbers) == 1200


def test_later_contracts_have_as_many_months_as_asked() -> None:
    later = made(size=2, months=3)[60:]

    assert {len(each.readings) for each in registers_of(later)} <= {4, 5, 1}


def test_papers_are_the_same_whenever_they_are_printed() -> None:
    first, second = ([annex.print_paper() for annex in made()[OFFICE].annexes if annex.print_paper] for _ in range(2))

    assert first == second
    assert len(first) == 2
    assert all(paper.startswith(b"%PDF-") for paper in first)


def test_people_are_those_of_the_manuals_example() -> None:
    found = made()
    people = {user.login: user for user in users("b", found)}
    energo, foreman = people["energo@example.com"], people["master@example.com"]

    assert list(energo.held.values()) == [Role.ADMINISTRATOR, Role.ENERGY_ENGINEER, Role.ACCOUNTANT]
    assert set(foreman.roles[0].points) < {point.external_id for point in found[NETWORK].points}
    assert people["tronin-2009"].email == ""
    administrators = Counter(
        given.contract for user in people.values() for given in user.roles if given.role is Role.ADMINISTRATOR
    )
    assert set(administrators.values()) == {1}
    given = {given.contract for user in people.values() for given in user.roles}
    assert given == set(administrators)


def test_sheet_says_how_a_contract_is_linked() -> None:
    sheet = provider_sheet(B, made(), base_url="http://localhost:8000", today=TODAY)

    assert sheet["linking"] == "number_and_email"
    first = sheet["unlinked"][0]
    assert len(first["number"]) == 14
    assert first["emails"][0].startswith("energo")
    assert first["window"] == "open"
    energo = next(user for user in sheet["users"] if user["login"] == "energo@example.com")
    assert energo["roles"][made()[BRANCH].contract.number] == "energy_engineer"
    assert max(len(contract["meters"]) for contract in sheet["unlinked"]) <= 60
