"""The doors of the portal: chooser, front page, page after sign-in, foot, menu and bar around every page."""

import re
from datetime import UTC, datetime
from html import unescape

import pytest
from django.conf import settings
from django.test import Client

from kabinet.accounts.values import AgreementKind
from kabinet.help.services import publish_entry
from kabinet.help.values import EntryText
from kabinet.kernel.actors import Actor, ActorKind
from kabinet.providers.models import ProviderHost
from tests import world
from tests.accounts import people

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]


def text_of(answer):
    assert answer.status_code == 200, answer.status_code
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


def links_of(answer):
    """Return the addresses of the page's links by their words."""
    found = re.findall(r'<a\b[^>]*href="([^"]+)"[^>]*>(.*?)</a>', answer.content.decode(), re.DOTALL)
    return {re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", words)).strip(): unescape(url) for url, words in found}


def linked(links, words):
    return next(url for name, url in links.items() if name.startswith(words))


@pytest.mark.spec("SITE-01")
def test_shared_host_lets_choose_among_open_providers(visitor, w, v):
    world.provider("closed", is_open=False, short_name="Закрытый водоканал")

    shown = visitor.get("/")

    assert {url for url in links_of(shown).values() if url in {"/w/", "/v/", "/closed/"}} == {"/w/", "/v/"}
    assert "Закрытый водоканал" not in text_of(shown)


@pytest.mark.spec("SITE-01")
@pytest.mark.parametrize("path", ["/%00/", "/%00", "/w%00/", "/%D0%B2/", "/w w/", "/" + "w" * 5000 + "/"])
def test_what_no_provider_can_be_called_is_not_found(visitor, w, path):
    assert visitor.get(path).status_code == 404


@pytest.mark.spec("SITE-01")
def test_only_provider_is_gone_to_at_once(visitor, w):
    assert visitor.get("/")["Location"] == "/w/"


@pytest.mark.spec("SITE-01")
def test_own_host_means_its_provider_alone(visitor, w, v, settings):
    settings.ALLOWED_HOSTS = ["lk.v.example"]
    ProviderHost.objects.create(host="lk.v.example", provider=v)

    front = visitor.get("/", headers={"host": "lk.v.example"})
    other = visitor.get("/w/", headers={"host": "lk.v.example"})

    assert v.short_name in text_of(front)
    assert links_of(front)["Обратная связь"] == "/feedback/"
    assert other.status_code == 404


@pytest.mark.spec("SITE-03")
def test_front_page_has_its_words_and_every_way_leads_somewhere(visitor, w):
    for kind in AgreementKind:
        people.publish(w, kind)

    front = visitor.get("/w/")
    links = links_of(front)

    for words in ("Вход в ваш кабинет", "Адрес электронной почты", "Пароль", "Войти", w.short_name, w.portal_title):
        assert words in text_of(front)
    for words in ("Зарегистрироваться.", "Напомнить.", "Помощь", "Обратная связь", "Инструкция пользователя", "PDF",
                  "Пользовательское соглашение"):  # fmt: skip
        assert visitor.get(linked(links, words)).status_code == 200, words


@pytest.mark.spec("SITE-03")
def test_contacts_of_the_provider_stand_on_the_front_page(visitor):
    world.provider(
        "w", phone="+7 (3412) 00-00-00", email="a@w.example.com", address="ул. Водопроводная, 1", hours="пн–пт"
    )

    shown = text_of(visitor.get("/w/"))

    assert all(words in shown for words in ("+7 (3412) 00-00-00", "a@w.example.com", "ул. Водопроводная, 1", "пн–пт"))


@pytest.mark.spec("SITE-03")
def test_send_readings_leads_to_sign_in_and_registration_of_legal_entities(visitor, w):
    url = linked(links_of(visitor.get("/w/")), "Передать показания")

    page = visitor.get(url, follow=True)

    shown = text_of(page)
    assert page.redirect_chain == [("/w/sign-in/?next=%2Fw%2Freadings%2Fcold-water%2F", 302)]
    assert "Вход в ваш кабинет" in shown
    assert shown.index("Юридическим лицам") < shown.index("Регистрация")
    assert links_of(page)["Регистрация"] == "/w/sign-up/"


@pytest.mark.spec("REG-05")
def test_who_has_no_contract_is_led_to_the_first_one(visitor, w, anna):
    typed = {"email": "anna@example.com", "password": world.PASSWORD}

    page = visitor.post("/w/sign-in/", typed, follow=True)

    assert "Вы успешно авторизовались!" in text_of(page)
    assert links_of(page)["Перейти к „Заявке на подключение“"] == "/w/contracts/link/"


@pytest.mark.spec("SITE-03", "REG-05")
def test_front_page_leads_who_is_in_to_the_first_contract_then_to_the_cabinet(visitor, w, anna, contract):
    visitor.post("/w/sign-in/", {"email": "anna@example.com", "password": world.PASSWORD})

    before = visitor.get("/w/")
    world.link(anna, contract)
    after = visitor.get("/w/")

    assert "Вы успешно авторизовались!" in text_of(before)
    assert links_of(before)["Перейти к „Заявке на подключение“"] == "/w/contracts/link/"
    assert links_of(after)["Перейти в кабинет"] == "/w/start/"
    assert "После входа в кабинет" not in text_of(after)


@pytest.mark.spec("REG-05", "SITE-06")
def test_who_has_a_contract_comes_to_what_there_is_to_do(visitor, w, anna, contract):
    world.link(anna, contract)

    page = visitor.post("/w/sign-in/", {"email": "anna@example.com", "password": world.PASSWORD}, follow=True)

    shown = text_of(page)
    assert "Вы успешно авторизовались!" in shown
    assert "Осталось приборов: 1 из 1. Приём до 12 октября 2026 включительно." in shown
    assert "Перейти к „Заявке на подключение“" not in shown


@pytest.mark.spec("HELP-03", "SITE-03")
@pytest.mark.parametrize("path", ["", "sign-in/", "sign-up/", "recover/", "help/", "feedback/"])
def test_foot_of_every_open_page_leads_to_manual_agreement_and_feedback(visitor, w, path):
    links = links_of(visitor.get(f"/w/{path}"))

    assert links["Инструкция пользователя"] == "/w/manual/"
    assert links["Пользовательское соглашение"] == "/w/agreements/terms/"
    assert links["Обратная связь"] == "/w/feedback/"


@pytest.mark.spec("HELP-03")
def test_sign_up_form_opens_the_text_of_the_agreement(visitor, w):
    terms = people.publish(w, AgreementKind.TERMS, text="Условия кабинета.")
    people.publish(w, AgreementKind.PERSONAL_DATA)

    links = links_of(visitor.get("/w/sign-up/"))

    assert "Условия кабинета." in text_of(visitor.get(links[terms.title]))


PAGES = [
    "start/", "contracts/", "contracts/link/", "readings/cold-water/", "readings/sewage-volumes/", "readings/archive/",
    "acts/", "profile/", "profile/contracts/", "profile/sessions/", "help/", "manual/",
]  # fmt: skip


@pytest.mark.spec("PROF-02")
@pytest.mark.parametrize("path", PAGES)
def test_unconfirmed_address_shows_the_bar_on_every_page(visitor, w, contract, path):
    newcomer = world.person(w, "new@example.com", confirmed=False)
    world.link(newcomer, contract)

    page = world.signed_in(visitor, newcomer, w).get(f"/w/{path}")

    assert "Подтвердите адрес электронной почты" in text_of(page)
    assert links_of(page)["Перейти в профиль"] == "/w/profile/"


@pytest.mark.spec("PROF-02")
def test_confirmed_address_shows_no_bar(visitor, w, anna, contract):
    world.link(anna, contract)

    assert "Перейти в профиль" not in text_of(world.signed_in(visitor, anna, w).get("/w/start/"))


@pytest.mark.spec("REG-08")
@pytest.mark.parametrize("path", PAGES)
def test_way_out_is_on_every_page(visitor, w, anna, contract, path):
    world.link(anna, contract)

    page = world.signed_in(visitor, anna, w).get(f"/w/{path}").content.decode()

    assert re.search(r'action="/w/sign-out/".*?Выйти', page, re.DOTALL)


@pytest.mark.spec("SITE-07")
def test_interface_speaks_english_and_content_stays_as_the_provider_wrote_it(w):
    text = EntryText(group="Показания", question="Когда передавать?", answer="До десятого.")
    publish_entry(text, provider=w, by=Actor(ActorKind.JOB, provider_id=w.pk), at=datetime(2026, 10, 1, tzinfo=UTC))
    people.publish(w, text="Условия по-русски.")
    browser = Client()
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"

    answers, terms = browser.get("/w/help/"), browser.get("/w/agreements/terms/")

    assert 'lang="en"' in answers.content.decode()
    assert "User manual" in text_of(answers)
    assert "Когда передавать? До десятого." in text_of(answers)
    assert "Условия по-русски." in text_of(terms)
