"""The benchmark of the import runs, and its repeat writes nothing."""

from collections.abc import Iterator
from itertools import pairwise

import pytest
from django.db import connection

from bench import imports
from kabinet.exchange.values.entities import ENTITIES

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.spec("BILL-01")]
ACCOUNTS = 40


@pytest.fixture(autouse=True)
def as_the_owner() -> Iterator[None]:
    """Run as benchmarks do, who make tables of their own; leave none of them behind."""
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS " + ", ".join(f"bench_{name}" for name in ENTITIES))


def test_every_pass_is_told_and_a_repeat_rewrites_nothing() -> None:
    said: list[str] = []

    imports.run(ACCOUNTS, say=said.append)

    rewritten = {words: int(line.split()[-1]) for line in said for words in _words() if line.startswith(words)}
    again = [line.split()[-1] for line in said if line.startswith("again, from a file")]
    assert rewritten == {
        "first, from a file": 4 * ACCOUNTS,
        "again, from a file": 0,
        "5 % changed, from a file": 4 * ACCOUNTS // imports.CHANGED_EVERY,
        "first, rows handed over": 4 * ACCOUNTS,
        "again, rows handed over": 0,
        "first, without keys": 4 * ACCOUNTS,
    }
    assert again == ["0", "0"]


def test_first_loads_are_told_above_copy_and_keys_alone() -> None:
    said: list[str] = []

    imports.run(ACCOUNTS, say=said.append, is_whole=False)

    above = [load for load, floor in pairwise(said) if floor.startswith(imports.FLOOR)]
    assert [load.split("  ")[0] for load in above] == [imports.CROWD, imports.WITHOUT_KEYS]


def _words() -> list[str]:
    return [each.words for each in (*imports.PASSES, *imports.HANDED)] + [imports.WITHOUT_KEYS]
