"""The benchmark of pages runs, and asks as often for many meters as for few."""

import re

import pytest
from django.db import connection

from bench import pages

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.spec("READ-10")]


@pytest.fixture(autouse=True)
def as_the_owner(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run as benchmarks do; a few rounds tell as much of statements as a hundred."""
    monkeypatch.setattr(pages, "ROUNDS", 2)
    monkeypatch.setattr(pages, "WARM_UP", 1)
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")


def test_every_page_is_told_with_as_many_statements_for_many_meters_as_for_few() -> None:
    said: list[str] = []

    pages.run(70, say=said.append)

    told = {line.partition(":")[0]: int(re.findall(r"statements (\d+)", line)[0]) for line in said if "p95" in line}
    few = told["5 meters, 5 points open"]
    assert set(told) == {
        "5 meters, 5 points open", "70 meters, folded", "70 meters, 5 points open", "70 meters, last page",
        "70 meters, found by number",
    }  # fmt: skip
    assert all(number <= few for number in told.values())
