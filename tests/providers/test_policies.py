"""Policies are data, validated before they are taken: a wrong file is told by field and value."""

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from demo.values import POLICIES
from kabinet.providers.formats import PolicyInvalid, PolicyUnreadable, read_policy, write_policy
from kabinet.providers.values import DayRange, DeadlineDay, Linking, Recovery, SignUp, UntilClosed

pytestmark = pytest.mark.spec("SITE-02")

GOOD = {
    "schema_version": 1,
    "sections": ["readings"],
    "sign_up": "legal_entity",
    "recovery": "code",
    "linking": "inn_and_number",
    "window": {"type": "deadline_day", "window_days": 3},
}
FOUR = ["w.json", "g.json", "p.json", "b.json"]


def policy_of(name):
    return read_policy((POLICIES / name).read_bytes())


def fault_of(text):
    with pytest.raises(PolicyInvalid) as refusal:
        read_policy(text)
    (fault,) = refusal.value.faults
    return fault.place, fault.value, fault.code


@pytest.mark.spec("SITE-05")
@pytest.mark.parametrize(
    ("name", "sign_up", "recovery", "linking", "window", "roles_shown"),
    [
        ("w.json", SignUp.LEGAL_ENTITY, Recovery.CODE, Linking.INN_AND_NUMBER, DeadlineDay(window_days=3), False),
        ("g.json", SignUp.CATEGORY, Recovery.SUPPORT, Linking.NONE, UntilClosed(), False),
        (
            "p.json",
            SignUp.ACCOUNT,
            Recovery.ACCOUNT_LINK,
            Linking.ACCOUNT_HOLDER_METER,
            DayRange(from_day=15, to_day=25),
            False,
        ),
        ("b.json", SignUp.EMAIL, Recovery.CODE, Linking.NUMBER_AND_EMAIL, UntilClosed(), True),
    ],
)
def test_policy_of_each_portal_is_the_catalogues(name, sign_up, recovery, linking, window, roles_shown):
    policy = policy_of(name)

    assert (policy.sign_up, policy.recovery, policy.linking) == (sign_up, recovery, linking)
    assert (policy.window, policy.roles_shown) == (window, roles_shown)
    assert policy.password_min_length == 8


def test_every_file_is_read_by_the_command(capsys):
    files = sorted(POLICIES.glob("*.json"))

    call_command("check_policies", *files)

    assert {path.name for path in files} >= {*FOUR, "v.json"}
    assert "Все политики верны." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"password_min_length": 6}, ("password_min_length", "6", "greater_than_equal")),
        ({"roles_shown": "maybe"}, ("roles_shown", '"maybe"', "bool_parsing")),
        ({"linking": "by_phone"}, ("linking", '"by_phone"', "enum")),
        ({"sections": ["readings", "casino"]}, ("sections.1", '"casino"', "enum")),
        ({"colour": "red"}, ("colour", '"red"', "extra_forbidden")),
        ({"schema_version": 2}, ("schema_version", "2", "literal_error")),
        ({"limits": {"wrong_links_per_user_a_day": "x"}}, ("limits.wrong_links_per_user_a_day", '"x"', "int_parsing")),
        ({"plausibility": {"floors": {"gold": "1"}}}, ("plausibility.floors.gold", '"gold"', "enum")),
        ({"window": {"type": "deadline_day", "window_days": 29}}, ("window.window_days", "29", "less_than_equal")),
        ({"window": {"type": "until_closed", "from_day": 1}}, ("window.from_day", "1", "extra_forbidden")),
        ({"window": {"type": "day_range", "from_day": 0, "to_day": 5}}, ("window.from_day", "0", "greater_than_equal")),
        ({"window": {"type": "whenever"}}, ("window", '{"type": "whenever"}', "union_tag_invalid")),
    ],
)  # fmt: skip
def test_wrong_value_is_named_with_its_field(changed, fault):
    assert fault_of(json.dumps(GOOD | changed)) == fault


@pytest.mark.parametrize("field", ["sections", "sign_up", "recovery", "linking", "window"])
def test_missing_field_is_named(field):
    without = {name: value for name, value in GOOD.items() if name != field}

    assert fault_of(json.dumps(without)) == (field, "", "missing")


def test_range_that_runs_backwards_says_why():
    backwards = {"type": "day_range", "from_day": 25, "to_day": 15}

    with pytest.raises(PolicyInvalid) as refusal:
        read_policy(json.dumps(GOOD | {"window": backwards}))

    (fault,) = refusal.value.faults
    assert (fault.place, fault.expected) == ("window", "from_day must not be after to_day")


def test_policy_reads_back_as_it_was_written():
    policy = policy_of("v.json")

    assert read_policy(write_policy(policy)) == policy


@pytest.mark.parametrize(
    ("text", "line"),
    [("{\n\n  oops", 3), ("", 1), ("[" * 100_000, 1), ('{"a": ' + "9" * 5000 + "}", 1), (b"\xff\xfe", 1)],
)
def test_text_that_is_no_json_names_its_line(text, line):
    with pytest.raises(PolicyUnreadable) as refusal:
        read_policy(text)

    assert refusal.value.line == line


@pytest.mark.parametrize("text", ["[]", "null", "7"])
def test_json_that_is_no_object_is_refused(text):
    assert fault_of(text) == ("", text, "model_type")


def test_command_names_file_field_and_value_of_every_fault(tmp_path: Path, capsys):
    wrong = tmp_path / "wrong.json"
    wrong.write_text(json.dumps(GOOD | {"password_min_length": 6, "linking": "by_phone"}), encoding="utf-8")

    with pytest.raises(CommandError, match="Ошибок: 3"):
        call_command("check_policies", wrong, tmp_path / "absent.json", POLICIES / "w.json")

    told = capsys.readouterr().err
    assert f"{wrong}: password_min_length = 6 — должно быть не меньше 8" in told
    assert f"{wrong}: linking = \"by_phone\" — допустимо: 'inn_and_number'" in told
    assert f"{tmp_path / 'absent.json'}: файл не прочитан" in told
    assert "w.json:" not in told
