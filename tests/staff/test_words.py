"""What the office reads: acts in words, changes short enough for a row, and no ids of anybody."""

import re
import uuid
from pathlib import Path

import pytest
from django.utils import translation

from kabinet.accounts.values import StaffAction
from kabinet.staff.http import whom_to_ask
from kabinet.staff.views.acts import act
from kabinet.staff.views.words import change, reason, target, who

ROOT = Path(__file__).resolve().parents[2]
RECORDED = re.compile(r"""record\(\s*f?["']([a-z_]+\.[a-z_{}]+)["']""")
ID = "0198c7a4-1111-7222-8333-444455556666"


def recorded_acts():
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "kabinet").rglob("*.py")]
    return {code for text in texts for code in RECORDED.findall(text) if "{" not in code}


def test_every_act_that_is_recorded_has_words():
    codes = recorded_acts()

    assert {"readings.sent", "staff.card_opened", "readings.window_extended"} <= codes
    assert {code for code in codes if act(code) == code} == set()


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (None, None, ""),
        ("new", "in_work", "новое → в работе"),
        (None, {"month": "2026-10", "closes_on": "2026-10-20"}, "период: 2026-10, приём по: 2026-10-20"),
        (None, ID, ""),
        (None, {"month": "2026-10", "submissions": [ID]}, "период: 2026-10, submissions: записей: 1"),
        (None, {"contract": {"rows": 3}, "meter": {"rows": 5}}, "подробностей: 2"),
        ({"is_working": False}, {"is_working": True}, "рабочий день: нет → рабочий день: да"),
        (["a"], ["a", "b"], "a → a, b"),
    ],
)
def test_change_is_told_in_a_few_words(before, after, words):
    assert change(before, after) == words


def test_reason_is_written_with_its_number():
    assert reason("ticket:ОС-2026-000001") == "Обращение ОС-2026-000001"
    assert reason("call") == "Звонок"
    assert reason("something else") == "something else"
    assert reason("") == ""


def test_specialists_are_named_and_customers_are_not():
    olga = uuid.UUID(ID)

    assert who("staff", "Ольга Петрова", olga) == "Ольга Петрова"
    assert who("customer", "", olga) == "клиент …556666"
    assert who("job", "", None) == "система"
    assert target("specialist", ID, {olga: "Ольга Петрова"}) == "специалист Ольга Петрова"
    assert target("user", ID, {}) == "человек …556666"


def test_roles_to_ask_are_named_in_the_language_of_the_page():
    with translation.override("en"):
        words = whom_to_ask(StaffAction.PUBLISH_HELP)

    assert "“Editor”" in words
    assert not re.search("[А-яё«»]", words)
