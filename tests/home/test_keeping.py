"""What is kept finished for everybody holds nobody's own words."""

import pytest

from tests import world
from tests.readings.sending import SEND

pytestmark = pytest.mark.usefixtures("at")


@pytest.fixture
def pages(client, visitor, w, anna, boris):
    for user in (anna, boris):
        world.link(user, world.contract(w))
    return world.signed_in(client, anna, w), world.signed_in(visitor, boris, w)


def test_name_and_secret_of_one_person_never_reach_another(pages):
    of_anna, of_boris = (page.get(SEND).content.decode() for page in pages)
    secret = pages[0].cookies["kabinet-csrf"].value

    again = pages[1].get(SEND).content.decode()

    assert "Anna" in of_anna
    assert "Anna" not in of_boris + again
    assert "Boris" in of_boris
    assert "Boris" in again
    assert secret not in of_boris + again
    assert "\x01" not in of_anna + of_boris + again


def test_forms_of_the_shell_are_good_on_a_kept_page(pages):
    page = pages[1]
    page.handler.enforce_csrf_checks = True
    pages[0].get(SEND)
    shown = page.get(SEND)

    token = shown.content.decode().split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    answer = page.post("/w/language/", {"language": "en", "next": SEND, "csrfmiddlewaretoken": token})

    assert answer.status_code == 303
    assert "Anna" not in page.get(SEND).content.decode()
    assert 'lang="en"' in page.get(SEND).content.decode()


def test_menu_of_one_role_is_not_another_ones(client, visitor, w, anna, boris):
    world.link(anna, world.contract(w))
    pages = world.signed_in(client, anna, w), world.signed_in(visitor, boris, w)

    with_contract, without = (page.get("/w/start/").content.decode() for page in pages)

    assert "Мои договора" in with_contract
    assert "Мои договора" not in without
