"""«Добавить роль» and the list of a contract's people, as their Администратор meets them (ROLE-04, ROLE-05)."""

import re
from html import unescape
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.test import Client

from kabinet.accounts.models import User
from kabinet.contracts.models import Membership, SupplyPoint
from kabinet.contracts.rules import picking
from kabinet.contracts.values import Role
from kabinet.infra.models import AuditRow
from tests import world
from tests.contracts.roles import letters_to

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
NINA = "nina@example.com"


@pytest.fixture
def w(db):
    return world.provider("w", policy={"roles_shown": True})


@pytest.fixture
def owned(contract, anna):
    world.link(anna, contract, role=Role.ADMINISTRATOR)
    return contract


@pytest.fixture
def as_anna(visitor, w, anna):
    return world.signed_in(visitor, anna, w)


def people_url(contract):
    return f"/w/contracts/{contract.pk}/people/"


def text_of(answer):
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


def hidden_of(answer):
    """Return what the page's form carries unseen."""
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', answer.content.decode()))


def give(browser, contract, **typed):
    fields = {"do": "grant", "key": "k", "role": "accountant", "email": NINA, "scope": "all"} | typed
    return browser.post(f"{people_url(contract)}add/", fields)


def live(contract, email):
    return Membership.objects.get(contract=contract, user__email=email, ended_at=None)


@pytest.mark.spec("ROLE-04")
def test_role_is_given_and_stands_in_the_list(owned, as_anna):
    page = as_anna.get(f"{people_url(owned)}add/")
    answer = give(as_anna, owned, until="2026-12-31", key=hidden_of(page)["key"])
    shown = text_of(as_anna.get(answer.url))

    assert answer.url == people_url(owned)
    assert f"Роль «Бухгалтер» назначена, письмо отправлено: {NINA}" in shown
    assert "31 декабря 2026" in shown
    assert "Вы" in shown
    assert live(owned, NINA).expires_at.isoformat() == "2026-12-31T20:00:00+00:00"
    assert "Роль действует по 31 декабря 2026 включительно." in letters_to(NINA)[0].text


@pytest.mark.spec("ROLE-04")
def test_form_offers_three_roles_and_takes_no_fourth(owned, as_anna):
    page = text_of(as_anna.get(f"{people_url(owned)}add/"))
    answer = give(as_anna, owned, role="administrator")

    assert "Руководитель Энергетик Бухгалтер" in page
    assert answer.status_code == 200
    assert not User.objects.filter(email=NINA).exists()


@pytest.mark.spec("ROLE-04")
@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"role": ""}, "Выберите роль."),
        ({"email": "нина"}, "Адрес состоит из имени, знака @ и домена"),
        ({"email": "anna@example.com"}, "Свою роль изменить нельзя"),
        ({"email": " ANNA@example.com "}, "Свою роль изменить нельзя"),
        ({"scope": ""}, "Выберите, какие энергообъекты открыть"),
        ({"scope": "some"}, "Отметьте хотя бы один энергообъект"),
        ({"until": "2026-10-07"}, "Этот день уже прошёл"),
        ({"until": "завтра"}, "Введите дату"),
    ],
)
def test_wrong_field_says_how_to_mend_it_and_keeps_what_was_typed(owned, as_anna, typed, words):
    answer = give(as_anna, owned, **typed)

    assert words in text_of(answer)
    assert "Ошибка: " in answer.content.decode()
    assert typed.get("email", NINA).strip() in answer.content.decode()
    assert not User.objects.filter(email=NINA).exists()


@pytest.mark.spec("ROLE-04")
def test_forged_points_of_another_contract_give_nothing(owned, as_anna, w):
    own, foreign = owned.points.get(), world.meter(world.contract(w)).point

    ticked = give(as_anna, owned, scope="some", points=[str(own.pk), str(foreign.pk)])
    carried = give(as_anna, owned, scope="some", elsewhere=picking.pack([foreign.pk]))
    spoilt = give(as_anna, owned, scope="some", points=["1", "'; --"], elsewhere="!!!")

    for answer in (ticked, carried):
        assert "Среди отмеченных есть энергообъект, которого нет в этом договоре" in text_of(answer)
        assert foreign.address not in answer.content.decode()
    assert "Отметьте хотя бы один энергообъект" in text_of(spoilt)
    assert not User.objects.filter(email=NINA).exists()


@pytest.mark.spec("ROLE-04")
def test_ticked_points_with_all_chosen_are_asked_about(owned, as_anna):
    answer = give(as_anna, owned, scope="all", points=[str(owned.points.get().pk)])

    assert "Вы отметили энергообъекты, но выбрали «Все»" in text_of(answer)
    assert not User.objects.filter(email=NINA).exists()


@pytest.mark.spec("ROLE-04")
def test_question_comes_before_a_role_is_replaced(owned, as_anna, boris):
    world.link(boris, owned)

    question = give(as_anna, owned, email=boris.email)
    assert live(owned, boris.email).role == Role.MANAGER
    fields = hidden_of(question)
    back = as_anna.post(f"{people_url(owned)}add/", fields | {"do": "back"})
    answer = as_anna.post(f"{people_url(owned)}add/", fields | {"do": "grant"})

    assert "сейчас роль «Руководитель»" in text_of(question)
    assert boris.email in back.content.decode()
    assert answer.url == people_url(owned)
    assert live(owned, boris.email).role == Role.ACCOUNTANT


@pytest.mark.spec("ROLE-04")
def test_answers_for_registered_and_unknown_addresses_are_alike(owned, as_anna, clara):
    """Only the addresses differ: whoever gives a role cannot tell who has an account."""
    answers = []
    for email in (clara.email, NINA):
        browser = Client()
        browser.cookies[settings.SESSION_COOKIE_NAME] = as_anna.cookies[settings.SESSION_COOKIE_NAME].value
        first = give(browser, owned, email=email, key=email)
        page = browser.get(first.url).content.decode()
        row = page[page.index(f'<span class="person-email">{email.partition("@")[0]}') :].replace("<wbr>", "")
        row = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "ID", row[: row.index("</tr>")])
        row = re.sub(r'csrfmiddlewaretoken" value="\w+"', "", row)
        answers.append((first.status_code, first.url, row.replace(email, "EMAIL")))

    assert answers[0] == answers[1]


@pytest.mark.spec("ROLE-05")
def test_role_is_changed_for_the_same_person(owned, as_anna, boris):
    point = owned.points.get()
    held = world.link(boris, owned, role=Role.ENERGY_ENGINEER, points=[point.pk])
    url = f"{people_url(owned)}{held.pk}/"

    page = as_anna.get(url)
    answer = as_anna.post(url, hidden_of(page) | {"do": "grant", "role": "manager", "scope": "all"})

    assert 'value="energy_engineer" selected' in page.content.decode()
    assert f'value="{point.pk}" checked' in page.content.decode()
    assert answer.url == people_url(owned)
    assert (live(owned, boris.email).role, live(owned, boris.email).points) == (Role.MANAGER, None)
    assert as_anna.get(url).status_code == 404


@pytest.mark.spec("ROLE-05")
def test_access_taken_away_ends_at_the_next_request(owned, as_anna, boris, w):
    held = world.link(boris, owned)
    as_boris = world.signed_in(Client(), boris, w)
    assert owned.number in as_boris.get("/w/contracts/").content.decode()
    url = f"{people_url(owned)}{held.pk}/revoke/"

    question = text_of(as_anna.get(url))
    assert live(owned, boris.email)
    as_anna.post(url)

    assert "исчезнет из кабинета этого человека сразу" in question
    assert owned.number not in as_boris.get("/w/contracts/").content.decode()
    assert as_boris.get(f"/w/contracts/{owned.pk}/unlink/").status_code == 404
    assert as_anna.get(url).status_code == 404


@pytest.mark.spec("ROLE-05")
def test_who_takes_access_away_twice_is_told_twice_and_it_is_done_once(owned, as_anna, boris):
    """The answer to the first press may have been lost."""
    held = world.link(boris, owned)
    url = f"{people_url(owned)}{held.pk}/revoke/"
    as_anna.post(url)

    answer = as_anna.post(url)

    assert answer.url == people_url(owned)
    assert f"Доступ закрыт: {boris.email}" in text_of(as_anna.get(answer.url))
    assert AuditRow.objects.filter(act="contracts.role_taken").count() == 1
    assert len(letters_to(boris.email)) == 1


@pytest.mark.spec("ROLE-05")
def test_access_of_who_has_another_role_by_now_is_not_called_closed(owned, as_anna, boris):
    former = world.link(boris, owned)
    give(as_anna, owned, email=boris.email, replaces=str(former.pk))

    answer = as_anna.post(f"{people_url(owned)}{former.pk}/revoke/")

    assert answer.status_code == 404
    assert live(owned, boris.email).role == Role.ACCOUNTANT


@pytest.mark.spec("ROLE-05")
def test_role_that_is_changed_twice_under_one_key_is_changed_once(owned, as_anna, boris):
    held = world.link(boris, owned, role=Role.ENERGY_ENGINEER)
    url = f"{people_url(owned)}{held.pk}/"
    typed = hidden_of(as_anna.get(url)) | {"do": "grant", "role": "manager", "scope": "all"}
    as_anna.post(url, typed)

    again, other = as_anna.post(url, typed), as_anna.post(url, typed | {"role": "accountant"})
    under_another_key = as_anna.post(url, typed | {"key": "other"})

    assert again.url == people_url(owned)
    assert (other.status_code, under_another_key.status_code) == (409, 404)
    assert live(owned, boris.email).role == Role.MANAGER
    assert AuditRow.objects.filter(act="contracts.role_given").count() == 1


@pytest.mark.spec("ROLE-05")
def test_own_role_has_no_page(owned, as_anna, anna):
    own = live(owned, anna.email)

    for tail in ("", "revoke/"):
        assert as_anna.get(f"{people_url(owned)}{own.pk}/{tail}").status_code == 404
    assert as_anna.post(f"{people_url(owned)}{own.pk}/letter/").status_code == 404
    assert "Это вы" in text_of(as_anna.get(people_url(owned)))


@pytest.mark.spec("ROLE-02")
@pytest.mark.parametrize("role", [Role.MANAGER, Role.ENERGY_ENGINEER, Role.ACCOUNTANT])
def test_who_is_no_administrator_is_told_whom_to_ask(contract, as_anna, anna, role):
    world.link(anna, contract, role=role)

    answers = [as_anna.get(people_url(contract)), as_anna.get(f"{people_url(contract)}add/"), give(as_anna, contract)]

    assert [answer.status_code for answer in answers] == [403] * 3
    assert "Администратора договора" in text_of(answers[0])


@pytest.mark.spec("SITE-05")
def test_pages_of_roles_are_not_there_where_roles_are_hidden(v, visitor):
    gleb = world.person(v, "gleb@example.com")
    contract = world.contract(v)
    own = world.link(gleb, contract, role=Role.ADMINISTRATOR)
    browser = world.signed_in(visitor, gleb, v)

    for tail in ("", "add/", f"{own.pk}/", f"{own.pk}/revoke/"):
        assert browser.get(f"/v/contracts/{contract.pk}/people/{tail}").status_code == 404
    assert browser.post(f"/v/contracts/{contract.pk}/people/{own.pk}/letter/").status_code == 404


@pytest.fixture
def long_contract(owned):
    """The contract with sixty more supply points, two of them in Sarapul."""
    names = {"provider": owned.provider, "source": "billing", "version": 1, "valid_from": world.LONG_AGO}
    SupplyPoint.objects.bulk_create(
        SupplyPoint(
            contract=owned, external_id=f"x{place}", code=f"ЭО-{place:04d}",
            address=f"г {'Сарапул' if place > 58 else 'Ижевск'}, ул. Мира, {place}", **names,
        )
        for place in range(1, 61)
    )  # fmt: skip
    return owned


def press(browser, contract, page, do, **typed):
    """Press a button of the list as a browser without scripts would: the whole form goes."""
    html = page.content.decode()
    ticked = re.findall(r'name="points" value="([^"]+)" checked', html)
    fields = {"role": "energy_engineer", "email": NINA, "scope": "some", "points": ticked} | hidden_of(page)
    body = urlencode(fields | {"phrase": ""} | typed | {"do": do}, doseq=True)
    return browser.post(f"{people_url(contract)}add/", body, content_type="application/x-www-form-urlencoded")


@pytest.mark.spec("ROLE-04")
def test_points_are_picked_over_pages_and_searches_without_scripts(long_contract, as_anna):
    first = as_anna.get(f"{people_url(long_contract)}add/")
    shown = re.findall(r'name="points" value="([^"]+)"', first.content.decode())
    second = press(as_anna, long_contract, first, "page-2", points=shown[:2])
    found = press(as_anna, long_contract, second, "find", phrase="сарапул мира")
    picked = press(as_anna, long_contract, found, "all", phrase="сарапул мира")
    answer = press(as_anna, long_contract, picked, "grant")

    assert len(shown) == 20
    assert "Страница 2 из 4" in text_of(second)
    assert "В списке: 2." in text_of(found)
    assert "Отмечено: 4." in text_of(picked)
    assert f'value="{NINA}"' in picked.content.decode()
    assert answer.url == people_url(long_contract)
    assert len(live(long_contract, NINA).points) == 4


def test_ticks_are_taken_off_one_by_one_and_all_together(long_contract, as_anna):
    first = as_anna.get(f"{people_url(long_contract)}add/")
    everything = press(as_anna, long_contract, first, "all")
    one_less = press(as_anna, long_contract, everything, "page-2", points=[])
    nothing = press(as_anna, long_contract, one_less, "none")

    assert "Отмечено: 61." in text_of(everything)
    assert "Отмечено: 41." in text_of(one_less)
    assert "Отмечено: 0." in text_of(nothing)


def test_list_of_points_costs_the_same_for_any_number_of_them(long_contract, as_anna, django_assert_max_num_queries):
    with django_assert_max_num_queries(9):
        as_anna.get(f"{people_url(long_contract)}add/")


def test_buttons_of_the_list_change_nothing(long_contract, as_anna):
    before = AuditRow.objects.count()
    page = as_anna.get(f"{people_url(long_contract)}add/")

    for do in ("find", "all", "none", "page-3", "page-x", "", "anything"):
        assert press(as_anna, long_contract, page, do).status_code == 200

    assert AuditRow.objects.count() == before
    assert not User.objects.filter(email=NINA).exists()
