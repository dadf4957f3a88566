"""Texts that the catalogue writes in «…»: people know them from the manuals, so each is on its page to the letter."""

import re
from html import unescape

import pytest

from kabinet.accounts.values import AgreementKind
from kabinet.help.services import publish_entry
from kabinet.help.values import EntryText
from kabinet.kernel.actors import Actor, ActorKind
from tests import world
from tests.accounts import people

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]


def text_of(answer):
    assert answer.status_code == 200, answer.status_code
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


def words_on(browser, path, words):
    """Return those of the words that the page lacks."""
    shown = text_of(browser.get(f"/w/{path}"))
    return [word for word in words if word not in shown]


@pytest.fixture
def town(w):
    """W with its texts published and an answer in its help."""
    for kind in AgreementKind:
        people.publish(w, kind)
    text = EntryText(group="Показания", question="Когда передавать?", answer="До десятого.")
    publish_entry(text, provider=w, by=Actor(ActorKind.JOB, provider_id=w.pk), at=world.NOW)
    return w


def case(path, *words):
    return pytest.param(path, words, id=path)


@pytest.mark.spec("REG-04", "REG-05", "REG-06", "REG-09", "SITE-03", "HELP-01", "HELP-03")
@pytest.mark.parametrize(
    ("path", "words"),
    [
        case("sign-in/", "Вход в ваш кабинет", "Адрес электронной почты", "Пароль", "Войти",
            "Забыли пароль от личного кабинета? Напомнить.", "Еще нет аккаунта? Зарегистрироваться.",
        ),
        case("sign-up/", "Наименование организации", "Фамилия", "Имя", "Отчество", "нет отчества",
            "Телефон", "Адрес электронной почты", "Пароль", "Подтверждение пароля",
            "Я принимаю пользовательское соглашение", "Я согласен получать рекламно-информационную рассылку",
            "Зарегистрироваться",
        ),
        case("recover/", "Адрес электронной почты", "Восстановить"),
        case("recover/code/", "Код из письма", "Новый пароль", "Подтверждение пароля"),
        case("help/", "Вопрос-ответ", "Поисковая фраза", "Показания", "Когда передавать?"),
        case("manual/", "Инструкция пользователя", "PDF"),
    ],
)  # fmt: skip
def test_words_stand_on_a_page_that_is_open_to_everybody(visitor, town, path, words):
    assert words_on(visitor, path, words) == []


@pytest.mark.spec("PROF-01", "PROF-03", "PROF-04", "REG-07", "DOC-03", "NOTE-04")
@pytest.mark.parametrize(
    ("path", "words"),
    [
        case("profile/", "Профиль", "Договоры", "Сессии", "Уведомления на e-mail", "Изменить пароль",
             "Удалить аккаунт", "Выйти"),
        case("profile/edit/", "Редактирование профиля", "Фамилия", "Имя", "Отчество", "Сохранить"),
        case("profile/phone/", "Телефон", "Сохранить"),
        case("profile/email/", "Адрес электронной почты", "Сохранить"),
        case("profile/password/", "Старый пароль", "Новый пароль", "Подтверждение пароля", "Сохранить"),
        case("profile/sessions/", "Браузер", "Операционная система", "Дата и время", "Текущая", "Завершить"),
        case("profile/delete/", "Удалить аккаунт", "Пароль"),
        case("acts/", "Акты сверки", "Договор", "Период с", "Способ получения"),
    ],
)  # fmt: skip
def test_words_stand_on_a_page_of_the_cabinet(visitor, town, anna, contract, path, words):
    world.link(anna, contract)
    people.accept_all(anna, town)

    assert words_on(world.signed_in(visitor, anna, town), path, words) == []


@pytest.mark.spec("PROF-02")
def test_confirming_has_its_word(visitor, town):
    newcomer = world.person(town, "new@example.com", confirmed=False)

    assert (
        words_on(world.signed_in(visitor, newcomer, town), "profile/", ["Подтвердить", "Отправить код ещё раз"]) == []
    )


@pytest.mark.spec("REG-05")
def test_block_of_the_front_page_says_that_one_is_in(visitor, town, anna):
    words = ["Вход в ваш кабинет", "Вы успешно авторизовались!"]

    assert words_on(world.signed_in(visitor, anna, town), "", words) == []


@pytest.mark.spec("REG-05")
@pytest.mark.parametrize("email", ["anna@example.com", "nobody@example.com"])
def test_failure_to_sign_in_has_the_manuals_words_for_everybody(visitor, town, anna, email):
    answer = visitor.post("/w/sign-in/", {"email": email, "password": "не тот пароль"})

    assert "Ошибка входа. Неверное имя пользователя/пароль" in text_of(answer)


@pytest.mark.spec("HELP-01")
def test_help_is_narrowed_by_group_and_by_phrase(visitor, town):
    by = Actor(ActorKind.JOB, provider_id=town.pk)
    publish_entry(
        EntryText(group="Вход", question="Как войти?", answer="С паролем."), provider=town, by=by, at=world.NOW
    )
    chosen = re.search(r'<option value="([^"]+)"[^>]*>\s*Вход', visitor.get("/w/help/").content.decode())[1]

    by_group = text_of(visitor.get("/w/help/", {"group": chosen}))
    by_phrase = text_of(visitor.get("/w/help/", {"phrase": "паролем"}))

    for shown in (by_group, by_phrase):
        assert "Как войти?" in shown
        assert "Когда передавать?" not in shown
