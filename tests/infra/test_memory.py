"""A worker looks for garbage seldom, and still frees what nobody refers to."""

import gc
import weakref
from collections.abc import Iterator

import pytest

from kabinet.infra import memory


class Kept:
    """Something that a weak reference can point at."""


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)
    gc.unfreeze()


def test_values_without_circles_are_freed_at_once_and_circles_by_a_collection() -> None:
    memory.collect_rarely()
    plain, round_ = Kept(), Kept()
    round_.itself = round_  # type: ignore[attr-defined]  # a circle
    seen, circle = weakref.ref(plain), weakref.ref(round_)

    del plain, round_

    assert seen() is None
    assert circle() is not None
    gc.collect()
    assert circle() is None


def test_ten_thousand_rows_cause_few_collections() -> None:
    memory.collect_rarely()
    before = sum(stat["collections"] for stat in gc.get_stats())

    rows = [[number] for number in range(100_000)]

    assert len(rows) == 100_000
    assert sum(stat["collections"] for stat in gc.get_stats()) - before <= 2
