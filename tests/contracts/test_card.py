"""The page of a contract, its file and its annexes (CON-05), and the list that leads there (CON-04)."""

from datetime import date
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from kabinet.contracts.formats.workbook import Sheet, write
from kabinet.contracts.models import Annex, Contract, Meter, Paper, SupplyPoint
from kabinet.contracts.values import Role
from kabinet.infra import storage
from kabinet.infra.db import transaction_of
from tests import world
from tests.billing.acts import PDF

pytestmark = [pytest.mark.django_db, pytest.mark.spec("CON-05")]

FACTS = {
    "price_category": 3, "ogrn": "1021800000007", "legal_address": "г Ижевск, ул. Ленина, дом 1",
    "phone": "+7 3412 00-00-00", "bank_name": "Банк «Пример»", "bic": "049401601",
    "bank_account": "40702810968000000001", "customer_name": "=1+1 АО «Клевер»", "signed_on": date(2019, 12, 20),
}  # fmt: skip


@pytest.fixture
def own(klever, boris_of_b):
    Contract.objects.filter(pk=klever.pk).update(**FACTS)
    klever.refresh_from_db()
    world.link(boris_of_b, klever, role=Role.ACCOUNTANT)
    world.meter(klever, verification_due=date(2027, 3, 1), ratio=40, make="Меркурий 230", resource="electricity")
    return klever


@pytest.fixture
def annex(own, settings, tmp_path):
    with transaction_of("test"):
        stored = storage.keep(
            BytesIO(PDF), provider_id=own.provider_id, original_name="a.pdf", media_type="application/pdf", at=world.NOW
        )
    paper = Paper.objects.create(provider=own.provider, stored=stored, sha256=stored.sha256, uploaded_at=world.NOW)
    return annex_of(own, "1", paper=paper)


def annex_of(contract, number, **facts):
    return Annex.objects.create(
        contract=contract, provider=contract.provider, source="billing", external_id=f"a{number}", version=1,
        number=number, title=f"Перечень {number}", valid_from=world.LONG_AGO, **facts,
    )  # fmt: skip


def path(contract, rest=""):
    return f"/b/contracts/{contract.pk}/{rest}"


def page(answer):
    assert answer.status_code == 200
    return answer.content.decode()


def sheets(answer):
    book = CalamineWorkbook.from_filelike(BytesIO(answer.content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_page_says_all_that_billing_tells_and_the_role(as_boris, own, annex):
    shown = page(as_boris.get(path(own)))

    for words in (
        "О договоре", "Реквизиты и контакты", "Банковские реквизиты", "Приложения", own.number, "III",
        "20 декабря 2019", "1021800000007", "г Ижевск, ул. Ленина, дом 1", "049401601", "40702810968000000001",
        "Перечень 1", "Меркурий 230", "1 марта 2027", "Электроэнергия", "сутки, 5 + 3", "Бухгалтер", "Скачать",
        "Удалить договор", "Открыть",
    ):  # fmt: skip
        assert words in shown, words


def test_addresses_that_may_link_it_are_never_shown(as_boris, own):
    assert own.emails
    shown = page(as_boris.get(path(own)))
    cells = str(sheets(as_boris.get(path(own, "file/"))))

    assert not [email for email in own.emails if email in shown or email in cells]


def test_file_holds_what_is_on_the_page(as_boris, own, annex):
    world.meter(own)
    answer = as_boris.get(path(own, "file/"))

    found = sheets(answer)

    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert list(found) == ["Договор", "Приложения", "Точки поставки"]
    shown = page(as_boris.get(path(own)))
    for label, value in found["Договор"]:
        assert label in shown
        assert value in shown or value.startswith("=")
    assert found["Приложения"] == [["Номер", "Название", "Дата подписания"], ["1", "Перечень 1", ""]]
    assert [row[4] for row in found["Точки поставки"][1:]] == [meter.number for meter in meters_of(own)]
    assert ["1 марта 2027", "сутки, 5 + 3", "40"] in [row[9:12] for row in found["Точки поставки"]]


def meters_of(contract):
    return Meter.objects.filter(contract=contract).order_by("point__code")


@pytest.mark.parametrize("lead", ["=1+1", "+7 3412", "-1", "@SUM(A1)", "http://example.com", "0017", "\t=1"])
def test_text_stays_text_in_the_file(lead):
    body = write([Sheet("Л", [[lead]])])

    assert CalamineWorkbook.from_filelike(BytesIO(body)).get_sheet_by_name("Л").to_python() == [[lead]]
    assert b"<f>" not in parts_of(body)


def parts_of(body):

    with ZipFile(BytesIO(body)) as archive:
        return archive.read("xl/worksheets/sheet1.xml")


def test_annex_is_opened_and_saved(as_boris, own, annex):
    address = f"/b/contracts/annexes/{annex.pk}/"

    opened, saved = as_boris.get(address), as_boris.get(f"{address}?save=1")

    assert opened.content == saved.content == PDF
    assert opened.headers["Content-Disposition"].startswith("inline")
    assert saved.headers["Content-Disposition"].startswith("attachment")
    assert (opened.headers["X-Content-Type-Options"], opened.headers["Cache-Control"]) == ("nosniff", "no-store")


def test_annex_without_a_paper_or_past_its_day_cannot_be_opened(as_boris, own):
    bare, past = annex_of(own, "2"), annex_of(own, "3", valid_to=world.TODAY)

    assert "файла нет" in page(as_boris.get(path(own)))
    assert "Перечень 3" not in page(as_boris.get(path(own)))
    assert [as_boris.get(f"/b/contracts/annexes/{one.pk}/").status_code for one in (bare, past)] == [404, 404]


def test_strangers_contract_and_annex_are_not_there(own, annex, b, as_boris):
    clara = world.signed_in(Client(), world.person(b, "clara@example.com"), b)
    other = world.contract(b)

    assert clara.get(path(own)).status_code == clara.get(path(own, "file/")).status_code == 404
    assert clara.get(f"/b/contracts/annexes/{annex.pk}/").status_code == 404
    theirs = annex_of(other, "9")
    assert as_boris.get(f"/b/contracts/annexes/{theirs.pk}/").status_code == 404


def test_removing_asks_first_and_ends_the_own_link(as_boris, own, boris_of_b):
    assert "Удалить" in page(as_boris.get(path(own, "unlink/")))

    as_boris.post(path(own, "unlink/"))

    assert as_boris.get(path(own)).status_code == 404


def test_contract_of_thousands_of_points_costs_what_one_of_five_costs(as_boris, own):
    def asked():
        with CaptureQueriesContext(connection) as caught:
            answer = as_boris.get(path(own))
        # What is remembered for some seconds, of the provider and of the session, is not the contract's.
        return [query["sql"] for query in caught if "contracts_" in query["sql"]], answer

    few, _ = asked()
    names = {"provider": own.provider, "contract": own, "source": "billing", "version": 1, "valid_from": world.LONG_AGO}
    points = SupplyPoint.objects.bulk_create(
        SupplyPoint(external_id=f"x{place}", code=f"x{place}", address=f"ул. Длинная, дом {place}", **names)
        for place in range(2000)
    )
    Meter.objects.bulk_create(
        Meter(external_id=f"x{point.code}", point=point, number=f"9{point.code}", resource="electricity", **names)
        for point in points
    )

    many, answer = asked()

    assert len(many) == len(few)
    assert len(answer.content) < 300_000
    assert "Меркурий 230" in page(as_boris.get(path(own)))
    assert len(sheets(as_boris.get(path(own, "file/")))["Точки поставки"]) == 2002


def test_contract_without_meters_says_so(as_boris, klever, boris_of_b):
    world.link(boris_of_b, klever)

    assert "Точек поставки пока нет" in page(as_boris.get(path(klever)))


@pytest.mark.spec("CON-04")
def test_list_leads_to_the_page_and_names_the_role(as_boris, own):
    shown = page(as_boris.get("/b/profile/contracts/"))

    assert f'href="{path(own)}"' in shown
    assert "Бухгалтер" in shown
    assert "Добавить договор" in shown


@pytest.mark.spec("CON-04")
def test_role_is_not_shown_where_roles_are_not(visitor, w, anna, contract, at):
    world.link(anna, contract)
    browser = world.signed_in(visitor, anna, w)

    assert "Руководитель" not in page(browser.get("/w/contracts/"))
    assert "Руководитель" not in page(browser.get(f"/w/contracts/{contract.pk}/"))
