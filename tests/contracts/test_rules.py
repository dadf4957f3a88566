"""Rules of contracts, without a database."""

import pytest

from kabinet.contracts.rules import numbers, rights
from kabinet.contracts.values import Action, Role

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
