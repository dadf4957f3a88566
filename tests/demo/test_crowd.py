"""The crowd behind the first thousand contracts is as the exchange wants it, and the same whenever it is made."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import chain
from typing import Any

import pytest

from demo import contracts as ordinary
from demo.crowd import crowd
from demo.makers import crowd_of
from demo.utilities import B, V, W
from demo.values import Seed, Utility
from kabinet.exchange.values.entities import ENTITIES, ROWS, AnyRow, Contract, Meter, Reading, Register, SewageVolume
from kabinet.kernel.calendar import WorkCalendar
from kabinet.kernel.identifiers.inn import check_inn
from kabinet.readings.rules import windows

TODAY = date(2026, 10, 8)
any_day = pytest.mark.parametrize("today", [TODAY, date(2026, 1, 8), date(2026, 3, 1), date(2026, 10, 31)], ids=str)


@pytest.fixture(autouse=True)
def _few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ordinary, "WITH_HISTORY", 0)


def made(utility: Utility = W, today: date = TODAY, *, size: int = 3, months: int = 1) -> list[AnyRow]:
    sheets = chain.from_iterable(crowd(utility, size=size, seed=Seed(today, months=months)))
    return [row for sheet in sheets for row in rows_of(sheet.entity, sheet.columns)]


def rows_of(entity: str, columns: Any) -> Iterator[Any]:
    for values in zip(*columns.values(), strict=True):
        yield ENTITIES[entity].shape.model_validate(dict(zip(columns, values, strict=True)))


@any_day
def test_rows_are_as_the_exchange_wants_them(today: date) -> None:
    rows = made(today=today)
    names: dict[str, set[str]] = {}
    for row in rows:
        names.setdefault(row.entity, set()).add(row.external_id)

    assert sum(map(len, names.values())) == len(rows)
    for row in rows:
        told = row.model_dump(mode="json", by_alias=True)
        assert ROWS.validate_json(row.to_line(), strict=True) == row
        for field, entity in ENTITIES[row.entity].references.items():
            assert told[field] is None or told[field] in names[entity]


@any_day
@pytest.mark.parametrize("months", [1, 3])
def test_readings_rise_in_their_windows(today: date, months: int) -> None:
    rows = made(today=today, months=months)
    days = {row.external_id: row.deadline_day for row in rows if isinstance(row, Contract)}
    registers = {row.external_id: row for row in rows if isinstance(row, Register)}
    readings: dict[str, list[Reading]] = {}
    for row in rows:
        if isinstance(row, Reading):
            readings.setdefault(row.of_register, []).append(row)

    assert set(readings) == set(registers)
    for name, taken in readings.items():
        register, day = registers[name], days[name.rsplit("-", 2)[0]]
        values, on = [each.value for each in taken], [each.taken_on for each in taken]
        assert len(taken) == months + 1
        assert values == sorted(values)
        assert on == sorted(set(on))
        assert (register.valid_from, on[-1] < today) == (on[0], True)
        assert values[-1] < 10**register.integer_digits
        window = windows.window_of(W.window, taken[-1].month, calendar=WorkCalendar(), deadline_day=day)
        assert window.holds(on[-1])


def test_hot_water_runs_into_the_drains() -> None:
    rows = made(months=2)
    hot = {row.external_id: row.supply_point for row in rows if isinstance(row, Meter) and "-h" in row.external_id}
    volumes = Counter(row.supply_point for row in rows if isinstance(row, SewageVolume))

    assert hot
    assert volumes == Counter(dict.fromkeys(hot.values(), 2))


def test_crowd_is_the_same_again_and_only_grows() -> None:
    first = [row.to_line() for row in made(size=2) if isinstance(row, Contract)]

    assert first == [row.to_line() for row in made(size=4) if isinstance(row, Contract)][:80]
    assert len(made(size=2)) == len(made(size=2))


def test_inns_pass_their_check() -> None:
    assert all(check_inn(row.inn).valid for row in made(size=5) if isinstance(row, Contract))


def test_only_water_companies_have_a_crowd() -> None:
    assert list(crowd_of(B, size=100, seed=Seed(TODAY))) == []
    assert sum(isinstance(row, Contract) for row in made(V, size=10)) == 60
