"""The benchmark of enumeration runs, and what it says holds: the same answers, and limits that refuse."""

import re

import pytest

from bench import enumeration

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.spec("REG-03", "REG-06", "CON-03", "READ-18")]


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the benchmark says of a few accounts, asked a few times each."""
    monkeypatch.setattr(enumeration, "ROUNDS", 4)
    lines: list[str] = []
    enumeration.run(20, say=lines.append)
    return lines


def test_account_numbers_tried_one_after_another_get_one_answer_until_they_are_refused(said):
    cases = [line for line in said if " of the first, " in line]
    told = [line for line in cases if "another answer" in line]
    refused = {
        line.split(":")[0].strip(): int(re.search(r"after (\d+)", line)[1]) for line in said if "refused after" in line
    }

    assert len(cases) == 16
    assert all(line.endswith("as it has to") for line in told)
    assert len(told) == 2
    assert refused == {"sign-up": 20, "linking": 5, "recovery": 20, "sign-in": 60, "public sending": 20}
    assert said[-2].strip() == "one account from 12 addresses: answers [200], the last 2 slowed by 2 s each"
