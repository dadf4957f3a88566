"""Pages of «Профиль»: what a person sees and changes of himself."""

import re

import pytest

from kabinet.accounts.models import Consent, Enrollment, User
from kabinet.accounts.values import AgreementKind
from tests import world
from tests.accounts import people
from tests.accounts.people import code_in, open_browser, signed_in_browser

FIELDS = {
    "last_name": "Новикова",
    "first_name": "Анна",
    "middle_name": "Павловна",
    "organisation": "ООО «Новая»",
    "position": "директор",
}
NEW = "anna.new@example.com"


def follow(browser, answer):
    assert answer.status_code == 302, answer.content.decode()
    return browser.get(answer["Location"]).content.decode()


def shown_on(browser):
    page = browser.get("/w/profile/edit/").content.decode()
    return re.search(r'name="shown" value="(\w+)"', page)[1]


def edit(browser, **changed):
    fields = {"shown": shown_on(browser)} | FIELDS | changed
    return browser.post("/w/profile/edit/", {name: value for name, value in fields.items() if value})


@pytest.mark.spec("PROF-01")
def test_profile_has_three_tabs_and_says_which_is_open(w, anna):
    browser = signed_in_browser(anna, w)

    for path, tab in (("", "Профиль"), ("contracts/", "Договоры"), ("sessions/", "Сессии")):
        page = browser.get(f"/w/profile/{path}").content.decode()
        links = re.search(r'<ul class="tabs">.*?</ul>', page, re.DOTALL)[0]
        tabs = re.findall(r'<a href="[^"]+"( aria-current="page")?>(\w+)</a>', links)
        assert [word for _, word in tabs] == ["Профиль", "Договоры", "Сессии"]
        assert [word for current, word in tabs if current] == [tab]


@pytest.mark.spec("PROF-01")
def test_tab_of_contracts_shows_the_table_of_my_contracts(w, anna, contract):
    world.link(anna, contract)
    browser = signed_in_browser(anna, w)

    tab, page = (browser.get(path).content.decode() for path in ("/w/profile/contracts/", "/w/contracts/"))

    table = re.compile(r"<table.*?</table>", re.DOTALL)
    assert contract.customer_name in tab
    assert table.search(tab)[0] == table.search(page)[0]


@pytest.mark.spec("PROF-01")
def test_edited_profile_is_shown(w, anna):
    browser = signed_in_browser(anna, w)

    page = follow(browser, edit(browser))

    assert "Профиль сохранён." in page
    for value in FIELDS.values():
        assert value in page


@pytest.mark.spec("PROF-01")
@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"last_name": ""}, "Введите фамилию."),
        ({"first_name": " "}, "Введите имя."),
        ({"middle_name": ""}, "поставьте отметку «нет отчества»"),
        ({"no_middle_name": "on"}, "снимите эту отметку или очистите поле"),
        ({"organisation": ""}, "Введите наименование организации."),
        ({"last_name": "я" * 81}, "80"),
    ],
)
def test_wrong_field_says_how_to_mend_it(w, anna, changed, words):
    page = edit(signed_in_browser(anna, w), **changed).content.decode()

    assert words in page
    assert 'value="директор"' in page
    anna.refresh_from_db()
    assert anna.last_name == ""


@pytest.mark.spec("PROF-01")
def test_who_has_no_patronymic_says_so_and_the_page_remembers(w, anna):
    browser = signed_in_browser(anna, w)

    follow(browser, edit(browser, middle_name="", no_middle_name="on"))

    assert re.search(r'name="no_middle_name"[^>]* checked', browser.get("/w/profile/edit/").content.decode())


@pytest.mark.spec("PROF-01")
def test_position_is_voluntary_and_may_be_emptied(w, anna):
    browser = signed_in_browser(anna, w)
    follow(browser, edit(browser))

    follow(browser, edit(browser, position=""))

    assert Enrollment.objects.get(user=anna).position == ""


@pytest.mark.spec("PROF-01")
def test_older_tab_is_told_and_may_save_once_more(w, anna):
    browser = signed_in_browser(anna, w)
    both_showed = shown_on(browser)
    follow(browser, edit(browser, shown=both_showed))

    refused = edit(browser, shown=both_showed, position="бухгалтер").content.decode()

    assert "профиль изменили в другом окне" in refused
    assert 'value="бухгалтер"' in refused
    again = re.search(r'name="shown" value="(\w+)"', refused)[1]
    assert "бухгалтер" in follow(browser, edit(browser, shown=again, position="бухгалтер"))


@pytest.mark.spec("PROF-01")
@pytest.mark.parametrize(
    ("typed", "stored"),
    [("8 (3412) 25-92-59", "+73412259259"), ("+7 912 880-11-22 доб. 104", "+79128801122#104"), ("259259", None)],
)
def test_phone_has_its_own_edit_and_save(w, anna, typed, stored):
    browser = signed_in_browser(anna, w)

    answer = browser.post("/w/profile/phone/", {"phone": typed})

    anna.refresh_from_db()
    assert anna.phone == (stored or "")
    if stored:
        assert "Телефон сохранён." in follow(browser, answer)
    else:
        assert "Не похоже на телефон." in answer.content.decode()


@pytest.mark.spec("PROF-01")
def test_text_of_a_name_is_never_markup(w, anna):
    browser = signed_in_browser(anna, w)

    page = follow(browser, edit(browser, last_name="<b>Новикова</b>"))

    assert "<b>Новикова" not in page
    assert "&lt;b&gt;Новикова" in page


@pytest.mark.spec("PROF-01")
def test_new_address_is_confirmed_on_the_profile(w, anna, letters):
    browser = signed_in_browser(anna, w)
    page = follow(browser, browser.post("/w/profile/email/", {"email": "Anna.New@Example.com"}))
    assert "Подтвердить" in page
    assert NEW in page
    assert "anna@example.com" in page

    done = follow(browser, browser.post("/w/profile/email/confirm/", {"code": code_in(letters(NEW)[0])}))

    assert "Адрес электронной почты подтверждён." in done
    assert "anna@example.com" not in done
    assert signed_in_browser(User.objects.get(pk=anna.pk), w)


@pytest.mark.spec("PROF-01")
def test_taken_and_free_addresses_get_the_same_page(w, anna, boris, letters):
    browser, pages = signed_in_browser(anna, w), []
    browser.get("/w/profile/")

    for email in ("boris@example.com", "nobody@example.com"):
        page = follow(browser, browser.post("/w/profile/email/", {"email": email}))
        wrong = browser.post("/w/profile/email/confirm/", {"code": "000000"})
        secrets = re.compile(r'name="csrfmiddlewaretoken" value="\w+"|nonce="[^"]*"')
        pages.append([secrets.sub("", text.replace(email, "E")) for text in (page, wrong.content.decode())])

    assert pages[0] == pages[1]


@pytest.mark.spec("PROF-01")
@pytest.mark.parametrize(
    ("email", "words"), [("anna@example.com", "Это ваш нынешний адрес."), ("нет", "знака @ и домена"), ("", "Введите")]
)
def test_address_that_cannot_be_is_refused(w, anna, email, words):
    page = signed_in_browser(anna, w).post("/w/profile/email/", {"email": email, "x": "1"}).content.decode()

    assert words in page


@pytest.mark.spec("PROF-01")
def test_address_to_be_may_be_given_up(w, anna):
    browser = signed_in_browser(anna, w)
    browser.post("/w/profile/email/", {"email": NEW})

    page = follow(browser, browser.post("/w/profile/email/keep/"))

    assert "Адрес остался прежним." in page
    assert NEW not in page


@pytest.mark.spec("PROF-02")
def test_unconfirmed_address_is_confirmed_on_the_profile(w, anna, letters):
    User.objects.update(email_confirmed_at=None)
    browser = signed_in_browser(anna, w)
    for path in ("profile/", "profile/sessions/", "contracts/", "profile/edit/"):
        page = browser.get(f"/w/{path}").content.decode()
        assert re.search(r'<a class="[^"]+" href="/w/profile/">Перейти в профиль</a>', page)
    assert "Новый код отправлен." in follow(browser, browser.post("/w/profile/email/again/"))

    wrong = browser.post("/w/profile/email/confirm/", {"code": "000000"}).content.decode()
    done = follow(browser, browser.post("/w/profile/email/confirm/", {"code": code_in(letters()[0])}))

    assert "Код не подошёл." in wrong
    assert "Адрес электронной почты подтверждён." in done
    assert "Перейти в профиль" not in done


@pytest.mark.spec("PROF-02")
def test_absent_address_shows_the_bar_too(w, anna):
    browser = signed_in_browser(anna, w)
    User.objects.update(email=None, email_confirmed_at=None)

    page = browser.get("/w/profile/").content.decode()

    assert "Укажите адрес электронной почты" in page
    assert "Перейти в профиль" in page
    assert "Подтвердить" not in page


@pytest.mark.spec("PROF-02")
def test_new_code_before_a_minute_is_told_when(w, anna):
    User.objects.update(email_confirmed_at=None)
    browser = signed_in_browser(anna, w)

    browser.post("/w/profile/email/again/")
    page = follow(browser, browser.post("/w/profile/email/again/"))

    assert re.search(r"Новый код можно запросить после \d\d:\d\d:\d\d\.", page)


@pytest.mark.spec("PROF-02")
def test_confirmed_address_needs_no_code(w, anna, letters):
    browser = signed_in_browser(anna, w)

    assert "Подтверждать нечего" in follow(browser, browser.post("/w/profile/email/again/"))
    assert letters() == []


@pytest.mark.spec("NOTE-04")
def test_switches_show_what_is_chosen(w, agreements, anna):
    people.accept_all(anna, w)
    browser = signed_in_browser(anna, w)
    before = browser.get("/w/profile/").content.decode()

    after = follow(browser, browser.post("/w/profile/letters/", {}))

    assert "Уведомления на e-mail" in before
    assert len(re.findall(r"<input type=\"checkbox\"[^>]* checked", before)) == 2
    assert len(re.findall(r"<input type=\"checkbox\"[^>]* checked", after)) == 0
    assert not Consent.objects.filter(agreement__kind="advertising", withdrawn_at=None).exists()


@pytest.mark.spec("NOTE-04", "REG-09")
def test_box_of_a_replaced_text_asks_to_read_it_again(w, agreements, anna):
    people.accept_all(anna, w)
    browser = signed_in_browser(anna, w)
    former = agreements[AgreementKind.ADVERTISING]
    people.publish(w, AgreementKind.ADVERTISING, text="Другой.")

    typed = {"wants_letters": "on", "advertising": str(former.pk)}
    page = browser.post("/w/profile/letters/", typed).content.decode()

    assert "Текст изменился, пока страница была открыта" in page
    assert Consent.objects.get(agreement=former).withdrawn_at is None


@pytest.mark.spec("NOTE-04")
def test_there_is_no_box_without_a_text(w, anna):
    assert "advertising" not in signed_in_browser(anna, w).get("/w/profile/").content.decode()


@pytest.mark.spec("SITE-07", "PROF-01")
def test_language_is_chosen_in_the_profile(w, anna):
    browser = signed_in_browser(anna, w)

    answer = browser.post("/w/language/", {"language": "en", "next": "/w/profile/"})

    assert answer["Location"] == "/w/profile/"
    assert browser.get("/w/profile/")["Content-Language"] == "en"
    anna.refresh_from_db()
    assert anna.language == "en"


@pytest.mark.spec("PROF-01")
def test_what_was_typed_comes_back_after_sign_in(w, anna):
    browser = signed_in_browser(anna, w)
    shown = shown_on(browser)
    anna.session_set.all().delete()
    typed = FIELDS | {"shown": shown}

    browser.post("/w/profile/edit/", typed, headers={"Referer": "http://testserver/w/profile/edit/"})
    browser.post("/w/sign-in/", {"email": anna.email, "password": world.PASSWORD, "next": "/w/profile/edit/"})
    page = browser.get("/w/profile/edit/").content.decode()

    assert 'value="Новикова"' in page
    assert f'value="{shown}"' in page


@pytest.mark.spec("PROF-01")
@pytest.mark.parametrize("path", ["", "edit/", "phone/", "email/", "contracts/", "sessions/", "delete/"])
def test_nobody_is_led_to_sign_in(w, path):
    answer = open_browser().get(f"/w/profile/{path}")

    assert answer["Location"].startswith("/w/sign-in/?next=")


@pytest.mark.parametrize(
    ("path", "status"), [("email/again/", 405), ("email/keep/", 405), ("email/confirm/", 302), ("letters/", 302)]
)
def test_acts_are_posts_and_where_a_refusal_is_shown_leads_back(w, anna, path, status):
    answer = signed_in_browser(anna, w).get(f"/w/profile/{path}")

    assert (answer.status_code, answer.get("Location")) == (status, "/w/profile/" if status == 302 else None)


@pytest.mark.spec("PROF-04")
def test_page_left_open_in_a_closed_account_leads_to_the_front(w, anna, monkeypatch):
    """The account is closed between the look at the session and the act."""
    browser = signed_in_browser(anna, w)
    whole = people.services.change_phone

    def closed_then_change(*arguments, **facts):
        Enrollment.objects.update(closed_at=world.NOW)
        return whole(*arguments, **facts)

    monkeypatch.setattr(people.services, "change_phone", closed_then_change)
    answer = browser.post("/w/profile/phone/", {"phone": "+73412259259"})

    assert answer["Location"] == "/w/"
    assert answer.cookies["kabinet"].value == ""
