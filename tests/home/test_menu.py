"""The menu is what the policy opens and the roles allow (SITE-05)."""

import re

import pytest
from django.test import Client

from kabinet.accounts.models import User
from kabinet.contracts.values import Role
from tests import world


@pytest.fixture
def known(b):
    """Somebody of B who has said who he is."""
    user = world.person(b, "known@example.com")
    User.objects.filter(pk=user.pk).update(last_name="Новикова", phone="+74722259259")
    user.enrollments.update(address="г. Белгород")
    return user


def entries(browser, of):
    page = browser.get(f"/{of.slug}/start/").content.decode()
    menu = re.search(r'<nav class="side".*?</nav>', page, re.DOTALL)[0]
    return re.findall(r"<span>([^<]+)</span>", menu)


@pytest.mark.spec("SITE-05")
def test_menu_of_water_grows_with_the_first_contract(w, anna):
    browser = world.signed_in(Client(), anna, w)
    assert entries(browser, w) == ["Заявка на подключение"]

    world.link(anna, world.contract(w))

    assert entries(browser, w) == [
        "Заявка на подключение", "Передача показаний ХВС", "Передача объемов по стокам ГВС", "Архив показаний",
        "Мои договора", "Акты сверки",
    ]  # fmt: skip


@pytest.mark.spec("SITE-05", "SITE-03")
def test_menu_of_business_energy_folds_history_and_more(b, known):
    world.link(known, world.contract(b))

    assert entries(world.signed_in(Client(), known, b), b) == [
        "История", "Акты сверки", "Обращения", "Помощь", "Ещё", "Инструкция пользователя",
        "Пользовательское соглашение",
    ]  # fmt: skip


@pytest.mark.spec("SITE-05", "ROLE-02")
def test_menu_leaves_out_what_no_role_opens(b, known):
    world.link(known, world.contract(b), role=Role.ENERGY_ENGINEER)

    assert "Акты сверки" not in entries(world.signed_in(Client(), known, b), b)
