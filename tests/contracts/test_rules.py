"""Rules of contracts, without a database."""

from datetime import UTC, date, datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from kabinet.contracts.rules import numbers, picking, rights, roles
from kabinet.contracts.values import Action, Grant, GrantProblem, MembershipValue, Role

TABLE_3 = {
    Action.ASK_FOR_ADMINISTRATOR: "++++",
    Action.UNLINK: "++++",
    Action.SEE_CONTRACT: "++++",
    Action.SEND_READINGS: "+-++",
    Action.SEE_READINGS: "+-++",
    Action.ASK_FOR_RECONCILIATION: "-+++",
    Action.SEE_DEBT: "-+++",
    Action.PAY: "-+++",
    Action.SEE_DOCUMENTS: "-+++",
    Action.GRANT_ROLES: "---+",
}
COLUMNS = (Role.ENERGY_ENGINEER, Role.ACCOUNTANT, Role.MANAGER, Role.ADMINISTRATOR)


@pytest.mark.spec("ROLE-02")
@pytest.mark.parametrize("action", Action)
def test_rights_are_table_3(action):
    signs = "".join("+" if rights.may(role, action) else "-" for role in COLUMNS)

    assert signs == TABLE_3[action]


@pytest.mark.spec("CON-01")
@pytest.mark.parametrize(
    ("typed", "printed"),
    [("хвс 12/3", "ХВС-12/3"), ("XBC-12/3", "ХВС-12/3"), ("№ 00123", "00123"), ("ё-1", "Е-1"), ("12 34", "1234")],
)
def test_spellings_of_a_number_are_one(typed, printed):
    assert numbers.number_key(typed) == numbers.number_key(printed)


@pytest.mark.parametrize(("one", "other"), [("123", "0123"), ("12/3", "123"), ("1.2", "12"), ("А-1", "Б-1")])
def test_different_numbers_stay_different(one, other):
    assert numbers.number_key(one) != numbers.number_key(other)


@pytest.mark.parametrize("number", [0, 1, 3000])
def test_what_is_picked_travels_unchanged(number):
    picked = frozenset(uuid4() for _ in range(number))

    assert picking.unpack(picking.pack(picked)) == picked


@pytest.mark.parametrize("text", ["!", "абв", "AAAA", "=", "A" * 21])
def test_spoilt_text_holds_nothing(text):
    assert picking.unpack(text) == frozenset()


@pytest.mark.spec("ROLE-04")
@pytest.mark.parametrize(
    ("day", "end"), [("2026-12-31", "2026-12-31T20:00:00+00:00"), ("2026-02-28", "2026-02-28T20:00:00+00:00")]
)
def test_role_holds_through_its_last_day_where_the_provider_is(day, end):
    zone = ZoneInfo("Europe/Samara")

    moment = roles.end_of(date.fromisoformat(day), zone)

    assert moment.astimezone(UTC).isoformat() == end
    assert roles.last_day(moment, zone) == date.fromisoformat(day)


@pytest.mark.spec("ROLE-04")
def test_nobody_gives_more_points_than_he_has():
    mine, other = uuid4(), uuid4()
    giver = MembershipValue(uuid4(), Role.ADMINISTRATOR, points=frozenset({mine}))
    found = [
        roles.grant_problem(
            Grant("a@b.ru", Role.ACCOUNTANT, points=points),
            giver=giver, is_own=False, known_points={mine, other}, at=datetime(2026, 10, 8, tzinfo=UTC),
        )
        for points in (frozenset({mine}), frozenset({other}), frozenset({mine, other}), None)
    ]  # fmt: skip

    assert found == [None, *[GrantProblem.FOREIGN_POINT] * 3]
