"""Pages that help, as anybody and as a customer sees them."""

import re

import pytest
from django.test import Client

from kabinet.help.services import publish_entry
from kabinet.help.values import EntryText
from kabinet.kernel.actors import Actor, ActorKind
from kabinet.web.templatetags import ui
from tests import world


def publish(of, question, answer, *, group="Показания"):
    by = Actor(ActorKind.JOB, provider_id=of.pk)
    text = EntryText(group=group, question=question, answer=answer)
    return publish_entry(text, provider=of, by=by, at=world.NOW)


def page(visitor, path):
    answer = visitor.get(path)
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


@pytest.mark.spec("HELP-01")
def test_answers_fold_open_without_signing_in(w, visitor):
    publish(w, "Когда передавать?", "До десятого.\n\nИли раньше.")

    shown = page(visitor, "/w/help/")

    for words in ("Вопрос-ответ", "Поисковая фраза", "Группа вопросов", "Когда передавать?", "<p>До десятого."):
        assert words in shown
    assert shown.count('<details class="more"') == 1


@pytest.mark.spec("HELP-01")
def test_customer_reads_them_in_the_cabinet(w, anna, visitor):
    publish(w, "Когда передавать?", "До десятого.")

    assert "Когда передавать?" in page(world.signed_in(visitor, anna, w), "/w/help/")


@pytest.mark.spec("HELP-01")
def test_hits_are_marked_and_open(w, visitor):
    publish(w, "Когда передавать?", "Показание счётчика — до десятого.")
    publish(w, "Как войти?", "С паролем.")

    shown = page(visitor, "/w/help/?phrase=СЧЕТЧИКИ")

    assert "<mark>счётчика</mark>" in shown
    assert "Найдено вопросов: 1" in shown
    assert re.search(r"<details[^>]* open>", shown)
    assert "Как войти?" not in shown


def test_what_the_office_writes_is_text_and_never_markup(w, visitor):
    publish(w, "<script>alert(1)</script>", "<img src=x onerror=alert(1)> https://a.example/?a=1&b=2")

    shown = page(visitor, "/w/help/?phrase=alert")

    assert "<script>alert" not in shown.replace("<mark>", "").replace("</mark>", "")
    assert "<img src=x" not in shown
    assert 'href="https://a.example/?a=1&amp;b=2"' in shown


@pytest.mark.parametrize(
    "query",
    ["group=", "group=nonsense", "group=00000000-0000-0000-0000-000000000000", "phrase=%00", "phrase=" + "я" * 300],
)
def test_nonsense_in_the_filter_breaks_nothing(w, visitor, query):
    publish(w, "Когда?", "До десятого.")

    assert "Поисковая фраза" in page(visitor, f"/w/help/?{query}")


@pytest.mark.spec("HELP-01")
def test_empty_pages_say_what_to_do(w, visitor):
    assert "Вопросов пока нет" in page(visitor, "/w/help/")

    publish(w, "Когда?", "До десятого.")

    assert "Ничего не нашлось" in page(visitor, "/w/help/?phrase=тариф")


def test_another_providers_answers_and_groups_are_not_shown(w, v, visitor):
    foreign = publish(v, "МАРКЕР-ВОПРОС", "МАРКЕР-ОТВЕТ", group="МАРКЕР-ГРУППА")
    publish(w, "Когда?", "До десятого.")

    for query in ("", "?phrase=маркер", f"?group={foreign.group_id}"):
        assert "МАРКЕР" not in page(visitor, f"/w/help/{query}")


@pytest.mark.spec("HELP-03", "SITE-03")
def test_manual_is_on_screen_with_contents_and_anchors(w, visitor):
    shown = page(visitor, "/w/manual/")

    for anchor in re.findall(r'<li><a href="#([a-z-]+)"', shown):
        assert f'id="{anchor}"' in shown
    for words in ("Инструкция пользователя", "Содержание", "Регистрация", "Пользовательское соглашение",
                  "Номер договора с Водоканал w"):  # fmt: skip
        assert words in shown
    assert "<img" not in shown.split("<main")[1].split("</main")[0] or "Рисунок 1." in shown


@pytest.mark.spec("HELP-03", "SITE-03")
def test_manual_is_given_as_pdf(w, visitor, settings, tmp_path):
    settings.DATA_DIR = tmp_path

    answer = visitor.get("/w/manual.pdf")

    assert answer["Content-Type"] == "application/pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"].startswith("inline; filename*=utf-8''")
    assert b"".join(answer.streaming_content).startswith(b"%PDF-")


@pytest.mark.spec("HELP-03", "SITE-02")
def test_manual_of_another_provider_has_the_sections_of_its_policy(db):
    world.provider("p", policy={"sections": ["archive"], "linking": "none"})

    shown = page(Client(), "/p/manual/")

    assert "Архив показаний" in shown
    assert "Заявка на подключение" not in shown
    assert "Передача показаний ХВС" not in shown


@pytest.mark.parametrize("path", ["/help/", "/manual/", "/manual.pdf", "/nobody/help/"])
def test_without_a_provider_there_is_no_help(db, visitor, path):
    assert visitor.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/w/help/", "/w/manual/", "/w/manual.pdf"])
def test_help_is_only_read(w, visitor, path):
    assert visitor.post(path).status_code == 405


@pytest.mark.spec("HELP-03")
def test_manual_lives_with_a_picture_that_is_newer_than_the_collected_files(w, visitor, monkeypatch):
    collected = ui.static

    def static(name):
        if name == "help/manual/w/archive.png":
            raise ValueError("Missing staticfiles manifest entry")
        return collected(name)

    monkeypatch.setattr(ui, "static", static)
    shown = page(visitor, "/w/manual/")

    assert "Архив показаний</figcaption>" in shown
    assert "archive.png" not in shown
    assert "readings.png" in shown
