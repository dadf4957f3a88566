"""Whether a claim to an account is right: by table, without a database (REG-03, CON-03)."""

import pytest

from kabinet.accounts.rules.addresses import normal_account
from kabinet.accounts.values import Mode
from kabinet.contracts.rules.claims import NOTHING_KNOWN, is_right
from kabinet.contracts.values import Claim, Known
from kabinet.kernel.names import PersonName

HOLDER = PersonName("Семёнова", "Ирина", "Игоревна")
KNOWN = Known(name=HOLDER, inn="", meter_keys=frozenset({"11774", "11228081"}))
FIRM = Known(name=PersonName("", "", ""), inn="7707083893", meter_keys=frozenset({"500"}))


def person(last="Семёнова", first="Ирина", middle="Игоревна", meter="11774"):
    return Claim(Mode.PERSON, "111222333", "111222333", meter, PersonName(last, first, middle))


def firm(inn="7707083893", meter="500"):
    return Claim(Mode.LEGAL, "юл-1", "ЮЛ1", meter, PersonName("", "", ""), inn)


@pytest.mark.spec("REG-03", "CON-03")
@pytest.mark.parametrize(
    ("claim", "known", "is_found"),
    [
        (person(), KNOWN, True),
        (person(meter="11228081"), KNOWN, True),
        (person("СЕМЕНОВА", "и", "и."), KNOWN, True),
        (person("Семёнова", "И", "Игоревна"), KNOWN, True),
        (person("Семёнов"), KNOWN, False),
        (person(first="Инна"), KNOWN, False),
        (person(first="О"), KNOWN, False),
        (person(middle=""), KNOWN, False),
        (person(meter="11775"), KNOWN, False),
        (person(meter=""), KNOWN, False),
        (person(), NOTHING_KNOWN, False),
        (person("", "", ""), NOTHING_KNOWN, False),
        (firm(), FIRM, True),
        (firm(inn="7707083894"), FIRM, False),
        (firm(meter="501"), FIRM, False),
        (firm(inn="", meter="11774"), KNOWN, False),
        (firm(inn=""), NOTHING_KNOWN, False),
    ],
)
def test_claim_is_right_only_as_a_whole(claim, known, is_found):
    assert is_right(claim, known) is is_found


@pytest.mark.spec("REG-03", "REG-05")
@pytest.mark.parametrize(
    ("typed", "mode", "login"),
    [
        ("111222333", Mode.PERSON, "111222333"),
        ("22333", Mode.PERSON, "000022333"),
        (" 111-222 333 ", Mode.PERSON, "111222333"),
        ("№ 22333", Mode.PERSON, "000022333"),
        ("1112223334", Mode.PERSON, "1112223334"),
        ("22333", Mode.LEGAL, "22333"),
        ("ЮЛ-77", Mode.LEGAL, "юл77"),
        ("№ юл 77", Mode.COMMUNAL, "юл77"),
    ],
)
def test_number_as_a_login(typed, mode, login):
    assert normal_account(typed, mode=mode, digits=9) == login
