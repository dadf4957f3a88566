"""«Заявка на подключение» and «Мои договора» as a person meets them: the manual's chapters 5 and 9."""

import re
from datetime import date
from html import unescape

import pytest
from django.test import Client

from kabinet.contracts.models import Contract, Membership
from kabinet.contracts.values import Role
from kabinet.kernel.identifiers.inn import InnKind, with_check_digits
from kabinet.readings.models import Reading
from tests import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]

LINK = "/w/contracts/link/"
LIST = "/w/contracts/"
OF_W = ["Передача показаний ХВС", "Передача объемов по стокам ГВС", "Архив показаний", "Мои договора", "Акты сверки"]


@pytest.fixture
def as_anna(visitor, w, anna):
    return world.signed_in(visitor, anna, w)


def text_of(answer):
    page = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", answer.content.decode())
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))


def ask(browser, *, inn, number, follow=True):
    return browser.post(LINK, {"inn": inn, "number": number}, follow=follow)


def menu_of(answer):
    """Return the names of the menu's links, in their order."""
    menu = re.search(r'<nav[^>]*aria-label="Главное меню".*?</nav>', answer.content.decode(), re.DOTALL)
    assert menu
    return [re.sub(r"<[^>]+>", "", link).strip() for link in re.findall(r"<a\b.*?</a>", menu[0], re.DOTALL)]


@pytest.mark.spec("CON-01")
def test_page_has_the_words_of_the_manual_and_the_providers_name(as_anna):
    shown = text_of(as_anna.get(LINK))

    for words in ("Заявка на подключение", "ИНН компании", "Номер договора с Водоканал w", "Отправить заявку"):
        assert words in shown


@pytest.mark.spec("CON-01", "SITE-05")
def test_right_pair_links_at_once_and_the_menu_appears(as_anna, contract):
    before = menu_of(as_anna.get(LINK))

    answer = ask(as_anna, inn=contract.inn, number=contract.number)

    assert before == ["Заявка на подключение"]
    assert "Заявка успешно отправлена" in text_of(answer)
    assert menu_of(answer) == ["Заявка на подключение", *OF_W]
    assert Membership.objects.get().contract == contract


@pytest.mark.spec("CON-01")
def test_inn_of_twelve_figures_is_an_entrepreneurs(as_anna, w):
    own = world.contract(w, inn=with_check_digits("1831000000", InnKind.PERSON_OR_IP))

    answer = ask(as_anna, inn=own.inn, number=own.number)

    assert len(own.inn) == 12
    assert "Заявка успешно отправлена" in text_of(answer)


@pytest.mark.spec("CON-01")
@pytest.mark.parametrize(
    ("inn", "words"),
    [
        ("", "Обязательное поле."),
        ("7703311229", "Контрольные цифры ИНН не сходятся"),
        ("770331122", "В ИНН 10 цифр у организации и 12 у предпринимателя"),
        ("77033112281", "В ИНН 10 цифр у организации и 12 у предпринимателя"),
        ("77О3311228", "ИНН состоит только из цифр."),
        ("0000000000", "ИНН не может состоять из одних нулей."),
    ],
)
def test_wrong_inn_is_named_and_what_was_typed_stays(as_anna, contract, inn, words):
    answer = ask(as_anna, inn=inn, number=contract.number)

    assert words in text_of(answer)
    assert f'value="{contract.number}"' in answer.content.decode()
    assert not Membership.objects.exists()


@pytest.mark.spec("CON-01")
def test_every_wrong_pair_gets_one_page(as_anna, w, v, contract):
    other, foreign, ended = world.contract(w), world.contract(v), world.contract(w, valid_to=world.TODAY)
    pairs = [(contract.inn, other.number), (foreign.inn, foreign.number), (ended.inn, ended.number), (other.inn, "нет")]

    pages = {text_of(ask(as_anna, inn=inn, number=number)) for inn, number in pairs}

    assert len(pages) == 1
    assert "не найден, либо данные не совпадают" in pages.pop()


@pytest.mark.spec("CON-01")
def test_guesses_end_after_the_fifth_with_the_time_of_the_next(as_anna, contract):
    for _ in range(5):
        ask(as_anna, inn=contract.inn, number="мимо")

    answer = ask(as_anna, inn=contract.inn, number=contract.number)

    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
    assert not Membership.objects.exists()


@pytest.mark.spec("CON-01")
def test_any_number_of_contracts_of_one_inn_or_several(as_anna, w):
    first = world.contract(w)
    wanted = [first, world.contract(w, inn=first.inn), world.contract(w)]

    answers = [ask(as_anna, inn=own.inn, number=own.number) for own in wanted]
    again = ask(as_anna, inn=first.inn, number=first.number)

    assert all(own.number in text_of(answers[-1]) for own in wanted)
    assert "Этот договор уже подключён к вашему кабинету." in text_of(again)
    assert Membership.objects.count() == 3


@pytest.mark.spec("CON-01", "REG-04")
def test_unconfirmed_person_sees_the_page_and_links_nothing(w, visitor, contract):
    newcomer = world.signed_in(visitor, world.person(w, "new@example.com", confirmed=False), w)

    answer = ask(newcomer, inn=contract.inn, number=contract.number)

    assert newcomer.get(LINK).status_code == 200
    assert "Сначала подтвердите адрес электронной почты" in text_of(answer)
    assert not Membership.objects.exists()


@pytest.mark.spec("CON-04")
@pytest.mark.parametrize("path", [LIST, "/w/profile/contracts/"])
def test_list_has_the_columns_of_the_manual(as_anna, w, anna, path):
    own = world.contract(w, signed_on=date(2018, 10, 5), deadline_day=6, customer_number="15303")
    world.link(anna, own)

    answer = as_anna.get(path)

    columns = re.findall(r"<th scope=\"col\"[^>]*>(.*?)</th>", answer.content.decode())
    cells = [own.customer_number, own.customer_name, "6", "5 октября 2018", own.inn, own.number, "Удалить"]
    assert columns == [
        "№", "Название контрагента", "Сроки передачи показаний", "Дата подписания договора", "ИНН Компании",
        "Номер договора", "Действие",
    ]  # fmt: skip
    assert " ".join(cells) in text_of(answer)


@pytest.mark.spec("CON-04")
def test_removing_asks_first_and_takes_only_this_persons_link(as_anna, w, anna, boris, contract):
    world.link(anna, contract)
    world.link(boris, contract)
    own = Membership.objects.get(user=anna)

    asked = as_anna.get(f"/w/contracts/{contract.pk}/unlink/")
    still = Membership.objects.get(pk=own.pk).ended_at
    done = as_anna.post(f"/w/contracts/{contract.pk}/unlink/", follow=True)

    assert "Удалить договор из кабинета?" in text_of(asked)
    assert still is None
    assert f"Договор {contract.number} убран из вашего кабинета." in text_of(done)
    assert menu_of(done) == ["Заявка на подключение"]
    assert list(Membership.objects.filter(ended_at=None).values_list("user", flat=True)) == [boris.pk]
    assert (Contract.objects.count(), Reading.objects.count()) == (1, 1)


@pytest.mark.spec("CON-04")
def test_contract_of_somebody_else_is_neither_listed_nor_removed(as_anna, boris, contract):
    world.link(boris, contract)

    answer = as_anna.post(f"/w/contracts/{contract.pk}/unlink/")

    assert answer.status_code == 404
    assert contract.number not in text_of(as_anna.get(LIST))
    assert Membership.objects.get().ended_at is None


@pytest.mark.spec("SITE-05", "ROLE-02")
def test_where_roles_are_not_shown_everybody_has_the_rights_of_the_manager(as_anna, anna, contract):
    answer = ask(as_anna, inn=contract.inn, number=contract.number)

    assert Membership.objects.get(user=anna).role == Role.MANAGER
    assert "Руководитель" not in text_of(answer)


@pytest.mark.spec("SITE-01")
def test_contracts_of_two_providers_stay_apart(w, v, anna):
    world.link(anna, world.contract(w, number="ХВС-W-1"))

    assert Client().get("/v/contracts/").status_code == 302
    assert "ХВС-W-1" in text_of(world.signed_in(Client(), anna, w).get(LIST))
