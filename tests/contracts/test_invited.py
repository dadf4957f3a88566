"""The whole way of an invited person: the letter, the sign-in, who he is, the contract (ROLE-04)."""

import re

import pytest

from kabinet.accounts.values import AgreementKind
from kabinet.contracts.values import Role
from tests import world
from tests.accounts import people
from tests.accounts.people import NEW_PASSWORD, open_browser
from tests.accounts.test_views_introduction import PERSON, mark_in
from tests.contracts.adding import POLICY
from tests.contracts.roles import grant, letters_to

NINA = "nina@example.com"


@pytest.fixture
def b(db):
    return world.provider("b", policy=POLICY | {"sign_up": "email"})


@pytest.fixture
def owner(b, boris_of_b, klever):
    """Boris, who is the Администратор of «Клевер»."""
    world.link(boris_of_b, klever, role=Role.ADMINISTRATOR)
    return boris_of_b


@pytest.mark.spec("ROLE-04")
@pytest.mark.usefixtures("at")
def test_invited_person_comes_by_the_letter_and_sees_the_contract(b, owner, klever):
    texts = {kind.value: str(people.publish(b, kind).pk) for kind in AgreementKind}
    grant(klever, NINA, by=owner, role=Role.ENERGY_ENGINEER)
    letter = letters_to(NINA)[0].text
    password = re.search(r"Одноразовый пароль: (\S+)", letter)[1]
    nina = open_browser()

    led = [nina.post("/b/sign-in/", {"email": NINA, "password": password})]
    led.append(nina.post("/b/agreements/accept/", texts))
    led.append(nina.get("/b/start/"))
    led.append(nina.post("/b/profile/password/", {"password": NEW_PASSWORD, "again": NEW_PASSWORD}))
    led.append(nina.get("/b/start/"))
    page = nina.get("/b/introduction/").content.decode()
    led.append(nina.post("/b/introduction/", PERSON | {"shown": mark_in(page), "next": "/b/start/"}))
    led.append(nina.post("/b/introduction/phone/", {"phone": "8 4722 25-92-59", "next": "/b/start/"}))

    assert "/b/sign-in/" in letter
    assert [re.sub(r"\?.*", "", answer["Location"]) for answer in led] == [
        "/b/agreements/accept/",
        "/b/start/",
        "/b/profile/password/",
        "/b/start/",
        "/b/introduction/",
        "/b/introduction/phone/",
        "/b/start/",
    ]
    profile = nina.get("/b/profile/contracts/").content.decode()
    assert klever.number in profile
    assert "Энергетик" in profile
    assert "Добавить роль" not in profile


@pytest.mark.spec("ROLE-01")
def test_role_of_one_contract_is_not_inherited_by_another(b, owner, klever):
    grant(klever, NINA, by=owner)
    other = world.contract(b)

    held = klever.memberships.get(user__email=NINA)

    assert not other.memberships.exists()
    assert held.role == Role.ACCOUNTANT
