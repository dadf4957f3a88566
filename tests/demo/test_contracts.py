"""The synthetic utility is consistent, and the same whenever it is made."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest

from demo.contracts import (
    EXPIRED,
    FIRST_DAY,
    LAST_DAY,
    REPLACED,
    ROLLS_OVER,
    SIXTY,
    WITHOUT_METERS,
)
from demo.makers import contracts_of
from demo.periods import periods
from demo.sheet import provider_sheet
from demo.users import users
from demo.utilities import UTILITIES, V, W
from demo.values import PASSWORD, DemoContract, RegisterSet, Seed, Trade, Utility
from kabinet.contracts.rules.numbers import number_key
from kabinet.exchange.values import entities
from kabinet.exchange.values.entities import ENTITIES, ROWS, PeriodState, ReadingOrigin
from kabinet.kernel.calendar import WorkCalendar
from kabinet.kernel.identifiers.bank import AccountKind, check_account
from kabinet.kernel.identifiers.codes import Code, check_code
from kabinet.kernel.identifiers.inn import check_inn
from kabinet.kernel.periods import Month
from kabinet.providers.values import Resource
from kabinet.readings.rules import windows

TODAY = date(2026, 10, 8)
DAYS = [TODAY, date(2026, 1, 8), date(2026, 3, 1), date(2026, 10, 31), date(2027, 2, 28)]
# Two households a house are as many as these tests look at.
FEW = [replace(each, contracts=60) if each.trade is Trade.HOUSEHOLDS else each for each in UTILITIES]
every = pytest.mark.parametrize("utility", FEW, ids=lambda utility: utility.slug)
both = pytest.mark.parametrize("utility", [W, V], ids=lambda utility: utility.slug)
any_day = pytest.mark.parametrize("today", DAYS, ids=str)


def made(utility: Utility, today: date = TODAY, *, size: int = 1, word: str = "kabinet") -> list[DemoContract]:
    return list(contracts_of(utility, size=size, seed=Seed(today, word)))


def registers_of(found: list[DemoContract]) -> Iterator[RegisterSet]:
    for contract in found:
        for meter in contract.meters:
            assert {each.register.valid_from for each in meter.registers} == {meter.meter.valid_from}
            yield from meter.registers


def lines(found: list[DemoContract]) -> list[str]:
    return [row.to_line() for contract in found for row in contract.rows]


@every
def test_same_seed_gives_the_same_rows(utility: Utility) -> None:
    assert lines(made(utility)) == lines(made(utility))
    assert lines(made(utility)) != lines(made(utility, word="other"))


def test_larger_size_only_adds() -> None:
    assert lines(made(W)) == lines(made(W, size=2)[:40])
    assert len(made(W, size=2)) == 80


@every
@any_day
def test_rows_are_as_the_exchange_wants_them(utility: Utility, today: date) -> None:
    rows = [row for contract in made(utility, today) for row in contract.rows]
    names: dict[str, set[str]] = {}
    for row in rows:
        known = names.setdefault(row.model_dump()["entity"], set())
        assert row.external_id not in known
        known.add(row.external_id)

    for row in rows:
        told = row.model_dump(mode="json", by_alias=True)
        assert ROWS.validate_python(told) == row
        for field, entity in ENTITIES[told["entity"]].references.items():
            assert told[field] is None or told[field] in names[entity]


@both
@any_day
def test_readings_rise_within_their_dials_and_days(utility: Utility, today: date) -> None:
    for counting in registers_of(made(utility, today)):
        register = counting.register
        values = [reading.value for reading in counting.readings]
        taken_on = [reading.taken_on for reading in counting.readings]
        limit = register.physical_limit_per_day

        assert values == sorted(values)
        assert taken_on == sorted(set(taken_on))
        assert taken_on[-1] < today
        assert values[0] >= 0
        assert values[-1] < 10**register.integer_digits
        assert all(value == int(value) for value in values)
        assert register.valid_from <= taken_on[0]
        for before, after in pairwise(counting.readings):
            assert limit is not None
            assert after.value - before.value <= limit * (after.taken_on - before.taken_on).days


@any_day
def test_readings_were_taken_in_their_windows(today: date) -> None:
    for contract in made(W, today):
        day = contract.contract.deadline_day
        for reading in (reading for each in registers_of([contract]) for reading in each.readings):
            if reading.origin in (ReadingOrigin.INITIAL, ReadingOrigin.FINAL):
                continue
            window = windows.window_of(W.window, reading.month, calendar=WorkCalendar(), deadline_day=day)
            assert window.holds(reading.taken_on)


@every
def test_identifiers_pass_every_check(utility: Utility) -> None:
    bank = utility.bank
    assert check_inn(utility.inn).valid
    assert check_code(Code.KPP, utility.kpp).valid
    assert check_account(bank["account"], bic=bank["bic"]).valid
    assert check_account(bank["correspondent"], bic=bank["bic"], kind=AccountKind.CORRESPONDENT).valid
    for contract in made(utility, size=5):
        assert not contract.contract.inn or check_inn(contract.contract.inn).valid
        assert not contract.contract.kpp or check_code(Code.KPP, contract.contract.kpp).valid


def test_inn_and_number_name_one_contract() -> None:
    pairs = [(each.contract.inn, number_key(each.contract.number)) for each in made(W, size=20)]

    assert len(set(pairs)) == len(pairs) == 800


def test_some_share_their_legal_entity() -> None:
    shared = Counter(contract.contract.inn for contract in made(W))

    assert sorted(shared.values(), reverse=True)[:4] == [4, 3, 2, 1]


def test_meters_of_ordinary_contracts() -> None:
    found = made(W)
    ordinary = [each for each in found if not each.shows]
    dials = Counter((e.register.integer_digits, e.register.fraction_digits) for e in registers_of(found))

    assert len(found) == 40
    assert {sum(m.meter.resource is Resource.COLD_WATER for m in each.meters) for each in ordinary} <= set(range(1, 7))
    assert dials[5, 3] > dials[4, 3] > 0
    assert dials[6, 3] > 0
    assert any(len(each.readings) == 37 for each in registers_of(ordinary))


@any_day
def test_unusual_contracts(today: date) -> None:
    found = made(W, today)

    assert next(each.previous.value for each in registers_of([found[ROLLS_OVER]]) if each.previous) == 99_987
    due = [meter.meter.verification_due for meter in found[EXPIRED].meters]
    assert due[0] is not None
    assert due[1] is not None
    assert due[0] < today < due[1]
    assert found[WITHOUT_METERS].meters == ()
    assert sum(m.meter.resource is Resource.COLD_WATER for m in found[SIXTY].meters) == 60
    assert (found[LAST_DAY].contract.deadline_day, found[FIRST_DAY].contract.deadline_day) == (31, 1)
    assert any(each.contract.has_hot_water and each.volumes for each in found)


@any_day
def test_replaced_meter_ends_where_the_new_one_begins(today: date) -> None:
    old, new = made(W, today)[REPLACED].meters[:2]

    assert old.is_removed
    assert old.meter.replaced_by == new.meter.external_id
    assert old.meter.valid_to == new.meter.valid_from
    assert [reading.origin for reading in old.registers[0].readings][-1] is ReadingOrigin.FINAL
    assert [(reading.origin, reading.value) for reading in new.registers[0].readings] == [
        (ReadingOrigin.INITIAL, Decimal(2))
    ]


@any_day
def test_stories_have_open_windows(today: date) -> None:
    found = made(W, today)

    for index in (0, 1, 2, 3, ROLLS_OVER, EXPIRED, REPLACED, SIXTY):
        window = windows.current_window(
            W.window, today, calendar=WorkCalendar(), deadline_day=found[index].contract.deadline_day
        )
        assert window.holds(today), (index, found[index].contract.deadline_day)


@every
@any_day
def test_periods_are_closed_when_no_window_reaches_them(utility: Utility, today: date) -> None:
    found = {row.month: row.state for row in periods(utility.window, today, calendar=WorkCalendar())}

    assert found[Month.of(today)] is PeriodState.OPEN
    assert found[Month.of(today).plus(-3)] is PeriodState.CLOSED
    assert len(found) >= 36
    for day in range(1, 32):
        window = windows.current_window(utility.window, today, calendar=WorkCalendar(), deadline_day=day)
        assert not window.holds(today) or found[window.month] is PeriodState.OPEN


@both
@any_day
def test_sheet_offers_contracts_of_every_kind(utility: Utility, today: date) -> None:
    found = made(utility, today)
    sheet = provider_sheet(utility, found, base_url="http://localhost:8000", today=today)
    words = Counter(contract["window"] for contract in sheet["unlinked"])
    linked = {number for user in users(utility.slug, found) for number in user.held}

    assert len(sheet["unlinked"]) == len(found) - len(linked)
    assert words["open"] >= (12 if utility is W else 2)
    assert set(words) == {"open", "soon", "closed"}
    assert all(user["password"] == PASSWORD for user in sheet["users"])
    assert set(sheet["unlinked"][0]) >= {
        "kind",
        "number",
        "inn",
        "customer_number",
        "customer_name",
        "holder",
        "emails",
        "meters",
        "window",
    }


def test_password_suits_every_policy() -> None:
    assert all(len(PASSWORD) >= utility.policy.password_min_length for utility in UTILITIES)


def test_providers_differ() -> None:
    assert W.zone_name != V.zone_name
    assert W.colour != V.colour
    assert W.window != V.window


def test_no_row_is_of_an_entity_that_billing_does_not_own() -> None:
    kinds = {type(row) for contract in made(W) for row in contract.rows}

    assert kinds == {
        entities.Contract,
        entities.SupplyPoint,
        entities.Meter,
        entities.Register,
        entities.Reading,
        entities.SewageVolume,
    }


def test_every_meter_may_send_more_before_it_rolls_over() -> None:
    for each in registers_of(made(W)[:ROLLS_OVER]):
        assert each.previous is not None
        left = 10**each.register.integer_digits - each.previous.value
        assert left > 12 * (each.previous.value - each.readings[0].value) / 36
