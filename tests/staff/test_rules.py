"""Rights, codes, references, policies of the office: tables without a database."""

import json
from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from kabinet.accounts.rules import factors, staff
from kabinet.accounts.values import StaffAction, StaffRole
from kabinet.providers.formats import read_policy, write_policy
from kabinet.staff.rules.masking import masked_email
from kabinet.staff.rules.policies import changes
from kabinet.staff.rules.reasons import normal_reference, reference_problem
from kabinet.staff.values import Because, Reason, ReferenceProblem
from tests import world

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
NOON = datetime(2026, 10, 8, 12, 0, 10, tzinfo=UTC)
STEP = int(NOON.timestamp()) // 30

DUTIES = {
    StaffRole.SUPPORT: {
        "answer_tickets",
        "appoint_administrators",
        "open_cards",
        "recover_accounts",
        "extend_windows",
        "look_at_readings",
    },
    StaffRole.OPERATOR: {
        "open_cards",
        "extend_windows",
        "set_calendar",
        "mend_exceptions",
        "look_at_readings",
        "set_tariffs",
    },
    StaffRole.EDITOR: {"publish_help"},
    StaffRole.AUDITOR: {"see_audit", "see_specialists"},
    StaffRole.ADMINISTRATOR: {action.value for action in StaffAction},
}


@pytest.mark.spec("STAFF-01")
@pytest.mark.parametrize("role", StaffRole)
@pytest.mark.parametrize("action", StaffAction)
def test_role_gives_its_duties_and_no_other(role, action):
    assert staff.may([role], action) == (action.value in DUTIES[role])


def test_several_roles_give_all_their_duties():
    held = [StaffRole.EDITOR, StaffRole.AUDITOR]

    assert staff.may(held, StaffAction.PUBLISH_HELP)
    assert staff.may(held, StaffAction.SEE_AUDIT)
    assert not staff.may(held, StaffAction.SET_POLICY)


@pytest.mark.parametrize("action", StaffAction)
def test_somebody_can_be_asked_for_every_duty(action):
    assert StaffRole.ADMINISTRATOR in staff.roles_with(action)


@pytest.mark.parametrize(
    ("steps", "after", "found"),
    [
        (0, 0, STEP),
        (-1, 0, STEP - 1),
        (1, 0, STEP + 1),
        (-2, 0, None),
        (2, 0, None),
        (0, STEP, None),
        (0, STEP - 1, STEP),
        (-1, STEP, None),
        (1, STEP, STEP + 1),
    ],
)
def test_code_is_good_for_its_step_once(steps, after, found):
    code = pyotp.TOTP(SECRET).at(NOON + timedelta(seconds=30 * steps))

    assert factors.step_of(SECRET, code, at=NOON, after=after) == found


@pytest.mark.parametrize("code", ["", "000000000000", "abcdef", "٠١٢٣٤٥"])
def test_what_is_no_code_opens_nothing(code):
    assert factors.step_of(SECRET, code, at=NOON, after=0) is None


def test_code_may_be_typed_with_a_space():
    code = pyotp.TOTP(SECRET).at(NOON)

    assert factors.step_of(SECRET, f" {code[:3]} {code[3:]} ", at=NOON, after=0) == STEP


@pytest.mark.parametrize(
    ("text", "is_spare"),
    [("ABCDE-FGH23", True), ("abcde fgh23", True), ("123456", False), ("ABCDE", False), ("ABCDE-FGH23-X", False)],
)
def test_spare_code_is_told_from_a_telephones(text, is_spare):
    assert factors.is_spare(text) == is_spare


@pytest.mark.parametrize(
    ("reason", "reference", "problem"),
    [
        (Reason.CALL, "", None),
        (Reason.TICKET, "", ReferenceProblem.MISSING),
        (Reason.LETTER, "", ReferenceProblem.MISSING),
        (Reason.TICKET, "2026-000123", None),
        (Reason.LETTER, "вх.17/4-и", None),
        (Reason.CALL, "Иванов", ReferenceProblem.NOT_A_NUMBER),
        (Reason.CALL, "anna@example.com", ReferenceProblem.NOT_A_NUMBER),
        (Reason.CALL, "7" * 41, ReferenceProblem.NOT_A_NUMBER),
        (Reason.CALL, "<b>1</b>", ReferenceProblem.NOT_A_NUMBER),
    ],
)
def test_reference_is_a_number_and_never_a_name(reason, reference, problem):
    assert reference_problem(reason, reference) == problem


def test_reason_stands_in_the_audit_as_a_code():
    assert Because(Reason.TICKET, "2026-000123").code == "ticket:2026-000123"
    assert Because(Reason.CALL).code == "call"
    assert normal_reference(" № 12 - 3 ") == "№12-3"


@pytest.mark.parametrize(
    ("email", "shown"),
    [("anna@example.com", "a•••a@example.com"), ("a@example.com", "a•••@example.com"), ("", "")],
)
def test_address_is_shown_in_part(email, shown):
    assert masked_email(email) == shown


def policy_text(**changed):
    policy = read_policy(json.dumps(world.POLICY | changed))
    return write_policy(policy)


def test_changes_of_a_policy_are_told_one_by_one():
    before, after = read_policy(policy_text()), read_policy(policy_text(password_min_length=12, roles_shown=True))

    found = {(change.place, change.before, change.after) for change in changes(before, after)}

    assert found == {("password_min_length", "8", "12"), ("roles_shown", "false", "true")}
