"""Table 3 as people meet it: each section's menu entry, page and lists hold only what the role opens (ROLE-02)."""

import re
from html import unescape

import pytest

from kabinet.contracts.models import Membership
from kabinet.contracts.services import telling
from kabinet.contracts.values import Role
from kabinet.infra.models import Event
from tests import world
from tests.contracts.roles import letters_to
from tests.contracts.test_services import link

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
SENDING, ACTS = "/w/readings/cold-water/", "/w/acts/"
READINGS = [SENDING, "/w/readings/sewage-volumes/", "/w/readings/archive/", "/w/readings/archive/sewage-volumes/"]
MONEY = [ACTS]
EVERYBODYS = ["/w/contracts/", "/w/profile/contracts/"]
BY_ROLE = {
    Role.ENERGY_ENGINEER: (True, False),
    Role.ACCOUNTANT: (False, True),
    Role.MANAGER: (True, True),
    Role.ADMINISTRATOR: (True, True),
}


@pytest.fixture
def w(db):
    sections = ["link_contract", "readings", "sewage_volumes", "archive", "contracts", "reconciliation_acts"]
    return world.provider("w", policy={"roles_shown": True, "sections": sections})


@pytest.fixture
def as_anna(visitor, w, anna):
    return world.signed_in(visitor, anna, w)


def named(of, name):
    contract = world.contract(of, customer_name=name, has_hot_water=True)
    world.meter(contract)
    return contract


@pytest.mark.spec("ROLE-02")
@pytest.mark.parametrize("role", Role)
def test_sections_open_as_table_3_says(w, as_anna, anna, role):
    world.link(anna, named(w, "ООО «Одно»"), role=role)
    sends, pays = BY_ROLE[role]

    menu = as_anna.get("/w/contracts/").content.decode()

    for urls, is_open in ((READINGS, sends), (MONEY, pays), (EVERYBODYS, True)):
        assert [as_anna.get(url).status_code for url in urls] == [200 if is_open else 403] * len(urls)
    assert (SENDING in menu, ACTS in menu) == (sends, pays)


@pytest.mark.spec("ROLE-05")
def test_each_section_lists_only_the_contracts_whose_role_opens_it(w, as_anna, anna):
    """The manual's example: Администратор of one, Энергетик of another, Бухгалтер of a third."""
    for name, role in [
        ("ООО «Всё»", Role.ADMINISTRATOR),
        ("ООО «Показания»", Role.ENERGY_ENGINEER),
        ("ООО «Деньги»", Role.ACCOUNTANT),
    ]:
        world.link(anna, named(w, name), role=role)

    def seen(url):
        """Return what the page lists; a note may say of which contracts a role leaves out whom to ask."""
        page = unescape(as_anna.get(url).content.decode())
        if url in READINGS:
            page = "".join(re.findall(r'panel__title"[^>]*>[^<]*<', page)) or page
        return {name for name in ("Всё", "Показания", "Деньги") if f"ООО «{name}»" in page}

    # The last one is empty until a volume was sent.
    assert [seen(url) for url in READINGS[:3]] == [{"Всё", "Показания"}] * 3
    assert [seen(url) for url in MONEY] == [{"Всё", "Деньги"}]
    assert [seen(url) for url in EVERYBODYS] == [{"Всё", "Показания", "Деньги"}] * len(EVERYBODYS)


@pytest.mark.spec("ROLE-04")
def test_profile_shows_the_role_and_the_button_to_the_administrator_alone(w, as_anna, anna, boris):
    mine, theirs, nobodys = named(w, "ООО «Моё»"), named(w, "ООО «Их»"), named(w, "ООО «Ничьё»")
    world.link(anna, mine, role=Role.ADMINISTRATOR)
    world.link(anna, theirs, role=Role.ENERGY_ENGINEER)
    world.link(boris, theirs, role=Role.ADMINISTRATOR)
    world.link(anna, nobodys)

    page = as_anna.get("/w/profile/contracts/").content.decode()
    folds = [
        re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", fold))) for fold in page.split('<details class="more"')[1:]
    ]
    of = {name: next(fold for fold in folds if name in fold) for name in ("Моё", "Их", "Ничьё")}

    assert "Администратор" in of["Моё"]
    assert "Добавить роль" in of["Моё"]
    assert "Энергетик" in of["Их"]
    assert "назначает его Администратор" in of["Их"]
    assert "нет Администратора" in of["Ничьё"]
    assert page.count("Добавить роль") == 1


@pytest.mark.spec("ROLE-01")
def test_administrator_is_told_who_linked_the_contract(contract, anna, boris, clara):
    world.link(anna, contract, role=Role.ADMINISTRATOR)
    link(contract, boris)
    telling.tell_holders(Event.objects.get(kind="contracts.linked"))

    told = letters_to(anna.email)
    assert len(told) == 1
    assert boris.email in told[0].text
    assert f"/w/contracts/{contract.pk}/people/" in told[0].text
    assert Membership.objects.get(user=boris).role == Role.MANAGER
    assert letters_to(boris.email) == []


@pytest.mark.spec("ROLE-01")
def test_nobody_is_told_where_there_is_no_administrator_or_the_link_is_gone(contract, anna, boris):
    link(contract, boris)
    linked = Event.objects.get(kind="contracts.linked")
    telling.tell_holders(linked)
    world.link(anna, contract, role=Role.ADMINISTRATOR)
    Membership.objects.filter(user=boris).update(ended_at=world.NOW)

    telling.tell_holders(linked)

    assert letters_to(anna.email) == []
