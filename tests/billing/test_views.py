"""«Акты сверки» as a person meets it."""

import re

import pytest

from kabinet.billing.models import ReconciliationAct
from kabinet.billing.values import ActState
from kabinet.contracts.values import Role
from tests import world
from tests.billing.acts import PDF, ask, prepare, row

PAGE = "/w/acts/"

pytestmark = pytest.mark.usefixtures("at")


@pytest.fixture
def as_anna(visitor, contract, anna):
    world.link(anna, contract)
    return world.signed_in(visitor, anna, contract.provider)


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def fields(of, **changed):
    facts = {"key": "one", "contract": of.pk, "since": "2026-01-01", "until": "2026-09-30", "delivery": "cabinet"}
    return facts | changed


def file_of(act):
    return f"{PAGE}{act.pk}/file/"


@pytest.mark.spec("DOC-03")
def test_page_has_its_words_and_the_only_contract_chosen(as_anna, contract):
    response = as_anna.get(PAGE)

    for words in ("Акты сверки", "Договор", "Период с", "по", "Способ получения", "в кабинете",
                  "по электронной почте", "Запросить акт", "Запросов пока нет"):  # fmt: skip
        assert words in text_of(response)
    assert f'<option value="{contract.pk}" selected>' in response.content.decode()


@pytest.mark.spec("DOC-03")
def test_request_appears_in_the_list(as_anna, contract):
    response = as_anna.post(PAGE, fields(contract), follow=True)

    text = text_of(response)
    assert "Запрос отправлен." in text
    assert "запрошен" in text
    assert "1 января 2026 — 30 сентября 2026" in text


@pytest.mark.spec("DOC-03")
@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"since": "2026-10-09"}, "since", "Период начинается в будущем"),
        ({"until": "2026-10-09"}, "until", "Период кончается в будущем"),
        ({"until": "2025-12-31"}, "until", "кончается раньше, чем начинается"),
        ({"since": "2020-01-01"}, "until", "Период длиннее трёх лет"),
        ({"since": "2026-02-30"}, "since", ""),
        ({"since": ""}, "since", ""),
        ({"contract": ""}, "contract", ""),
        ({"delivery": "pigeon"}, "delivery", ""),
    ],
)
def test_mistake_is_named_at_its_field_and_what_was_typed_stays(as_anna, contract, changed, field, words):
    response = as_anna.post(PAGE, fields(contract, **changed))

    assert words in text_of(response)
    assert f'id="id_{field}_error"' in response.content.decode()
    assert not ReconciliationAct.objects.exists()


def test_reloaded_form_asks_once(as_anna, contract):
    as_anna.post(PAGE, fields(contract))
    as_anna.post(PAGE, fields(contract))

    assert ReconciliationAct.objects.count() == 1


def test_same_period_again_says_that_it_is_being_prepared(as_anna, contract):
    as_anna.post(PAGE, fields(contract))

    response = as_anna.post(PAGE, fields(contract, key="two"))

    assert "уже запрошен и готовится" in text_of(response)


def test_same_key_for_another_period_is_a_conflict_that_keeps_what_was_typed(as_anna, contract):
    as_anna.post(PAGE, fields(contract))

    response = as_anna.post(PAGE, fields(contract, until="2026-08-31"))

    assert response.status_code == 409
    assert 'value="2026-08-31"' in response.content.decode()


@pytest.mark.spec("DOC-03")
def test_download_is_a_post_that_marks_the_act_as_received(as_anna, asked, billing):
    prepare(billing, asked)
    assert "подготовлен" in text_of(as_anna.get(PAGE))

    assert as_anna.get(file_of(asked)).status_code == 405
    response = as_anna.post(file_of(asked))

    assert (response.status_code, response.content) == (200, PDF)
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("attachment")
    assert (response["X-Content-Type-Options"], response["Cache-Control"]) == ("nosniff", "no-store")
    asked.refresh_from_db()
    assert asked.state == ActState.RECEIVED
    assert "получен" in text_of(as_anna.get(PAGE))


def test_act_that_is_not_prepared_has_no_file(as_anna, asked):
    assert as_anna.post(file_of(asked)).status_code == 404


@pytest.mark.spec("DOC-03")
def test_refused_request_says_why(as_anna, asked, billing):
    billing.send(row(asked))

    text = text_of(as_anna.get(PAGE))

    assert "отклонён" in text
    assert "Расчётов не было." in text


@pytest.mark.spec("ROLE-02", "ROLE-05")
def test_picker_holds_only_contracts_whose_role_opens_it(visitor, contract, boris):
    closed = world.contract(contract.provider)
    world.link(boris, contract, role=Role.ACCOUNTANT)
    world.link(boris, closed, role=Role.ENERGY_ENGINEER)
    client = world.signed_in(visitor, boris, contract.provider)

    page = client.get(PAGE).content.decode()
    asked = client.post(PAGE, fields(closed))

    assert str(contract.pk) in page
    assert str(closed.pk) not in page
    assert "Выберите договор из списка." in text_of(asked)
    assert not ReconciliationAct.objects.exists()


@pytest.mark.spec("ROLE-02")
def test_engineer_is_told_whom_to_ask(visitor, contract, asked, boris, billing):
    prepare(billing, asked)
    world.link(boris, contract, role=Role.ENERGY_ENGINEER)
    client = world.signed_in(visitor, boris, contract.provider)

    answers = [client.get(PAGE), client.post(PAGE, fields(contract))]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert "Попросите Администратора договора" in text_of(answers[0])
    assert client.post(file_of(asked)).status_code == 404


def test_accountant_sees_what_a_colleague_asked_for(visitor, asked, boris, billing):
    prepare(billing, asked)
    world.link(boris, asked.contract, role=Role.ACCOUNTANT)
    client = world.signed_in(visitor, boris, asked.contract.provider)

    assert client.post(file_of(asked)).content == PDF


def test_stranger_sees_nothing_and_gets_nothing(visitor, asked, clara, billing):
    prepare(billing, asked)
    client = world.signed_in(visitor, clara, asked.contract.provider)

    assert "Договоров пока нет" in text_of(client.get(PAGE))
    assert client.post(file_of(asked)).status_code == 404
    assert client.post(PAGE, fields(asked.contract)).status_code == 200
    assert ReconciliationAct.objects.count() == 1


def test_person_of_another_provider_gets_nothing(visitor, asked, v, billing):
    prepare(billing, asked)
    vera = world.person(v, "vera@example.com")
    theirs = world.contract(v)
    world.link(vera, theirs)
    client = world.signed_in(visitor, vera, v)

    assert client.post(f"/v/acts/{asked.pk}/file/").status_code == 404
    page = text_of(client.get("/v/acts/"))
    assert asked.contract.customer_name not in page
    assert ask(theirs, vera).contract == theirs


def test_anonymous_signs_in_first(visitor, asked):
    assert "/w/sign-in/" in visitor.get(PAGE)["Location"]
    assert visitor.post(file_of(asked)).status_code == 302
