"""Requisites and annexes come from billing, and stay where they belong."""

from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from kabinet.contracts.models import Annex, Contract, Paper
from tests import world
from tests.billing.acts import upload
from tests.contracts.test_keys import changing
from tests.exchange import rows
from tests.exchange.test_batches import problems_of

pytestmark = [pytest.mark.django_db, pytest.mark.spec("CON-05", "BILL-01")]

REQUISITES: dict[str, Any] = {
    "price_category": 3,
    "emails": ["Buh@Klever.example", "buh@klever.example", "energo@klever.example"],
    "ogrn": "1021800000007",
    "legal_address": "г Ижевск, ул. Ленина, дом 1",
    "phone": "+7 3412 00-00-00",
    "bank_name": "Банк «Пример»",
    "bic": "049401601",
    "bank_account": "40702810968000000001",
    "correspondent_account": "30101810400000000601",
}


@pytest.fixture
def file(billing):
    return upload(billing).json()["file"]


def places():
    return list(Annex.objects.extra(select={"place": "ctid::text || xmin::text"}).values_list("place", flat=True))


def refused_by(**facts):
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        Annex.objects.create(**facts)
    return refusal.value.__cause__.diag.constraint_name


def test_requisites_are_stored_with_addresses_in_one_spelling(billing):
    billing.send(rows.contract(**REQUISITES))

    stored = Contract.objects.get()
    assert stored.emails == ["buh@klever.example", "energo@klever.example"]
    assert (stored.price_category, stored.bic, stored.phone) == (3, "049401601", "+7 3412 00-00-00")


def test_row_of_before_is_still_a_row(billing):
    billing.send(rows.contract(**REQUISITES))

    response = billing.send(rows.contract(version=2))

    assert response.status_code == 200
    stored = Contract.objects.get()
    assert (stored.emails, stored.price_category, stored.bic) == ([], None, "")


def test_table_brings_addresses_with_commas(billing):
    table = (
        "external_id;version;number;kind;customer_name;valid_from;emails;price_category\r\n"
        "dog-1;1;20001234567890;business;АО «Клевер»;2020-01-01;Buh@klever.example, e@klever.example;3\r\n"
    )

    response = billing.send_file(table.encode(), key="one", media="text/csv; entity=contract")

    assert response.status_code == 200, response.content.decode()
    assert Contract.objects.get().emails == ["buh@klever.example", "e@klever.example"]


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("emails", ["не адрес"], "wrong_form"),
        ("emails", ["a@b.c\n"] * 2 + ["a b@c.d"], "wrong_form"),
        ("emails", [7], "wrong_type"),
        ("emails", {"a@b.c": 1}, "wrong_type"),
        ("emails", [f"a{place}@b.c" for place in range(51)], "out_of_range"),
        ("price_category", 7, "out_of_range"),
        ("price_category", 0, "out_of_range"),
        ("bic", "04940160", "wrong_form"),
        ("bank_account", "4070281096800000000", "wrong_form"),
        ("ogrn", "102180000000", "wrong_form"),
    ],
)
def test_wrong_requisite_is_named(billing, field, value, code):
    assert problems_of(billing.send(rows.contract(**{field: value}))) == [(1, "contract", "dog-1", field, code)]


def test_annex_comes_with_its_contract_and_paper(billing, file):
    response = billing.send(rows.annex(file=file), rows.contract())

    assert response.json()["entities"]["annex"]["inserted"] == 1
    annex = Annex.objects.get()
    assert (annex.contract.external_id, annex.paper_id) == ("dog-1", UUID(file))


def test_same_annexes_again_rewrite_nothing(billing, file):
    sent = [rows.contract(), rows.annex(file=file), rows.annex("pril-2")]
    billing.send(*sent)
    before = places()

    response = billing.send(*sent)

    assert response.json()["entities"]["annex"]["unchanged"] == 2
    assert places() == before


def test_newer_annex_has_another_paper(billing, file):
    billing.send(rows.contract(), rows.annex(file=file))
    another = upload(billing, b"%PDF-1.7\nanother\n%%EOF\n").json()["file"]

    response = billing.send(rows.annex(file=another, version=2))

    assert response.json()["entities"]["annex"]["updated"] == 1
    assert Annex.objects.get().paper_id == UUID(another)


def test_annex_of_what_is_not_there_is_refused(billing, file):
    billing.send(rows.contract())
    missing = "01928e9c-6d00-7000-8000-000000000009"

    assert problems_of(billing.send(rows.annex(contract="dog-9"))) == [
        (1, "annex", "pril-1", "contract", "unknown_reference")
    ]
    assert problems_of(billing.send(rows.annex(file=missing))) == [(1, "annex", "pril-1", "file", "unknown_file")]
    assert not Annex.objects.exists()


def test_paper_of_another_provider_is_not_known(billing_v, file):
    billing_v.send(rows.contract())

    assert problems_of(billing_v.send(rows.annex(file=file))) == [(1, "annex", "pril-1", "file", "unknown_file")]


def test_annex_stays_at_its_contract(billing):
    billing.send(rows.contract(), rows.contract("dog-2"), rows.annex())

    assert problems_of(billing.send(rows.annex(contract="dog-2", version=2))) == [
        (1, "annex", "pril-1", "contract", "reference_fixed")
    ]


def test_database_holds_annex_and_paper_together(billing, file, v):
    billing.send(rows.contract(), rows.annex(file=file))
    annex, paper = Annex.objects.get(), Paper.objects.get()
    facts = {
        "contract": annex.contract, "source": "billing", "version": 1, "number": "1", "title": "Перечень",
        "valid_from": world.LONG_AGO, "external_id": "pril-9",
    }  # fmt: skip

    assert refused_by(provider=v, **facts) == "annex_of_contract"
    theirs = world.contract(v)
    assert refused_by(provider=v, **facts | {"contract": theirs}, paper=paper) == "annex_of_paper"
    assert refused_by(provider=annex.provider, **facts | {"external_id": "pril-1"}) == "annex_external_id_once"
    assert refused_by(provider=annex.provider, **facts, valid_to=world.LONG_AGO) == "annex_ends_after_start"


def test_database_holds_categories_and_the_spelling_of_addresses(contract):
    assert changing(contract, price_category=7) == "price_category_is_known"
    assert changing(contract, emails=["Buh@klever.example"]) == "contract_emails_are_lower_case"


def test_paper_is_one_for_its_bytes(billing, file):
    paper = Paper.objects.get()

    with pytest.raises(IntegrityError, match="paper_once"), transaction.atomic():
        Paper.objects.create(
            provider=paper.provider, stored=twin_of(paper.stored), sha256=paper.sha256, uploaded_at=world.NOW
        )


def twin_of(stored):
    stored.pk = UUID("01928e9c-6d00-7000-8000-000000000008")
    stored.save(force_insert=True)
    return stored
