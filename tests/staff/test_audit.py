"""The audit as the office reads it; who works there; pages that only show."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from kabinet.accounts.models import StaffSession
from kabinet.accounts.values import StaffRole
from kabinet.infra import chain, clock
from kabinet.infra.models import AuditRow
from tests import world
from tests.staff import office

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]


@pytest.mark.spec("STAFF-02")
def test_audit_shows_who_did_what_and_why(w, contract, olga, desk):
    office.open_card(desk, f"/w/office/contracts/{contract.pk}/", reason="ticket", reference="2026-000123")

    page = desk.get("/w/office/audit/").text

    assert "Открыта карточка" in page
    assert olga.user.display_name in page
    assert "Обращение 2026-000123" in page
    assert contract.number in page


def test_audit_is_filtered_by_act_specialist_contract_and_days(w, contract, olga, support, desk):
    other = office.browser_of(support)
    office.open_card(desk, f"/w/office/contracts/{contract.pk}/")
    other.post("/w/office/sign-out/")

    def rows(query):
        page = desk.get(f"/w/office/audit/?{query}").text
        table = page[page.find("<tbody>") :] if "<tbody>" in page else ""
        return ("Открыта карточка" in table, "Выход специалиста" in table)

    technical = clock.technical_now().astimezone(w.zone).date()
    assert rows("") == (True, True)
    assert rows("act=staff.signed_out") == (False, True)
    assert rows(f"specialist={olga.pk}") == (True, False)
    assert rows(f"person={support.pk}") == (False, True)
    assert rows(f"number={contract.number}") == (True, False)
    assert rows(f"since={technical}&until={technical}") == (True, True)
    assert rows(f"until={technical - timedelta(days=1)}") == (False, False)


def test_card_leads_to_what_the_audit_has_of_it(w, anna, contract, desk, support):
    other = office.browser_of(support)
    for browser in (desk, other):
        office.open_card(browser, f"/w/office/people/{anna.pk}/")
        office.open_card(browser, f"/w/office/contracts/{contract.pk}/")

    page = desk.get(f"/w/office/people/{anna.pk}/").text

    assert f'href="/w/office/audit/?person={anna.pk}"' in page
    assert "audit/?number=" in desk.get(f"/w/office/contracts/{contract.pk}/").text
    assert "office/audit/" not in other.get(f"/w/office/people/{anna.pk}/").text


def test_audit_of_another_provider_is_not_shown(w, v, desk, desk_of_v):
    foreign = world.contract(v, number="ЧУЖОЙ-1")
    office.open_card(desk_of_v, f"/v/office/contracts/{foreign.pk}/", reason="call", reference="МАРКЕР-7")

    page = desk.get("/w/office/audit/").text

    assert "МАРКЕР-7" not in page
    assert "ЧУЖОЙ-1" not in page


@pytest.mark.parametrize(
    "query", ["act=nonsense", "specialist=1", "number=НЕТ-1", "since=завтра", "page=99999", "person=x"]
)
def test_wrong_filter_of_the_audit_is_no_fault(desk, query):
    assert desk.get(f"/w/office/audit/?{query}").status_code == 200


def test_chain_of_the_audit_is_shown_and_computed_on_demand(w, contract, desk):
    office.open_card(desk, f"/w/office/contracts/{contract.pk}/")
    with transaction.atomic():
        chain.anchor.__wrapped__(at=clock.technical_now())

    shown = desk.get("/w/office/audit/").text
    computed = desk.post("/w/office/audit/").text

    assert "Последнее звено" in shown
    assert "ничего не изменено и не удалено" not in shown
    assert "ничего не изменено и не удалено" in computed


@pytest.mark.spec("STAFF-02")
def test_nobody_changes_what_the_audit_holds(contract, desk):
    office.open_card(desk, f"/w/office/contracts/{contract.pk}/")

    with pytest.raises(DatabaseError), transaction.atomic():
        AuditRow.objects.update(reason="другая")


def test_pages_that_only_show_change_nothing(w, contract, olga, desk):
    office.open_card(desk, f"/w/office/contracts/{contract.pk}/")
    before = (AuditRow.objects.count(), list(StaffSession.objects.values()))

    for path in ("", "search/", "tickets/", "windows/", "answers/", "calendar/", "failures/", "policy/", "audit/"):
        assert desk.get(f"/w/office/{path}").status_code == 200

    assert (AuditRow.objects.count(), list(StaffSession.objects.values())) == before


def test_specialists_are_listed_with_their_factor(w, olga, desk):
    office.specialist(w, "new@example.com", StaffRole.EDITOR, has_factor=False)

    page = desk.get("/w/office/specialists/").text

    assert "new@example.com" in page
    assert "ещё не настроен" in page
    assert "Редактор" in page
