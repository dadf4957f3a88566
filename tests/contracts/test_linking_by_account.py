"""«Добавить лицевой счёт»: one cabinet, many accounts, and whoever holds one is told (CON-03, TRUST 6)."""

import pytest
from django.test import Client

from kabinet.contracts.models import Membership
from kabinet.contracts.services import telling
from kabinet.infra.models import Event, OutgoingLetter
from tests import world
from tests.contracts.accounts import OF_HOLDER

PAGE = "/p/contracts/link-account/"


@pytest.fixture
def account(p, at):
    row = world.household(p)
    world.hot_water(row, number="011774")
    return row


@pytest.fixture
def natalya(p):
    return world.person(p, "natalya@example.com")


@pytest.fixture
def as_natalya(p, natalya):
    return world.signed_in(Client(), natalya, p)


def link(browser, **changed):
    typed = {"mode": "person", "account": "111222333", "meter": "11774", **OF_HOLDER}
    return browser.post(PAGE, typed | changed)


@pytest.mark.spec("CON-03")
def test_right_claim_links_at_once(account, natalya, as_natalya):
    answer = link(as_natalya, first_name="Н", middle_name="Н")

    assert answer["Location"] == "/p/start/"
    assert Membership.objects.get(user=natalya).contract == account


@pytest.mark.spec("CON-03")
def test_one_cabinet_holds_many_accounts(p, account, natalya, as_natalya):
    other = world.household(p, "444555666", ("Петров", "Пётр", ""))
    world.hot_water(other, number="500")
    link(as_natalya)

    link(as_natalya, account="444555666", meter="500", last_name="Петров", first_name="П", middle_name="",
         no_middle_name="on")  # fmt: skip

    assert set(Membership.objects.filter(user=natalya).values_list("contract__number", flat=True)) == {
        "111222333", "444555666",
    }  # fmt: skip


@pytest.mark.spec("CON-03")
@pytest.mark.parametrize("wrong", [{"account": "1"}, {"last_name": "Петрова"}, {"meter": "11775"}])
def test_whatever_is_wrong_gets_one_answer_and_stays_typed(account, as_natalya, wrong):
    page = link(as_natalya, **wrong).content.decode()

    assert "Лицевой счёт не найден, либо данные с ним не совпадают." in page
    assert 'value="Наталья"' in page
    assert not Membership.objects.exists()


@pytest.mark.spec("CON-03")
def test_foreign_providers_account_is_not_there(account, v, as_natalya):
    foreign = world.household(v, "999888777")
    world.hot_water(foreign, number="9")

    assert "не найден" in link(as_natalya, account="999888777", meter="9").content.decode()


@pytest.mark.spec("CON-03")
def test_linking_twice_says_so(account, as_natalya):
    link(as_natalya)

    assert "Этот договор уже подключён к вашему кабинету." in link(as_natalya).content.decode()


@pytest.mark.spec("CON-03")
def test_sixth_wrong_try_of_a_day_is_refused_with_the_time(account, as_natalya):
    for _ in range(5):
        link(as_natalya, meter="1")

    answer = link(as_natalya)

    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
    assert not Membership.objects.exists()


@pytest.mark.spec("CON-03")
def test_unconfirmed_address_links_nothing(p, account):
    newcomer = world.person(p, "new@example.com", confirmed=False)

    page = link(world.signed_in(Client(), newcomer, p)).content.decode()

    assert "Сначала подтвердите адрес электронной почты" in page
    assert not Membership.objects.exists()


@pytest.mark.spec("CON-03")
def test_those_who_hold_the_account_are_told(p, account, as_natalya):
    world.link(world.person(p, "ivan@example.com"), account)
    link(as_natalya)

    telling.tell_holders(Event.objects.get(kind="contracts.linked"))

    told = OutgoingLetter.objects.get(template="contracts/account_linked")
    assert told.to == "ivan@example.com"
    assert "natalya@example.com" in told.text
    assert "/p/feedback/" in told.text


def test_meter_that_was_taken_away_opens_nothing(account, as_natalya):
    account.meters.update(valid_to=world.TODAY)

    assert "не найден" in link(as_natalya).content.decode()
