"""Search, cards that open for a reason, the history of a contract."""

from datetime import date, timedelta

import pytest

from kabinet.accounts.models import Enrollment, StaffSession
from kabinet.exchange.models import Message, Partner
from kabinet.infra import clock
from kabinet.readings.models import Draft, Submission
from kabinet.staff.models import CardVisit
from kabinet.staff.selectors.search import found
from kabinet.staff.selectors.timelines import timeline_of
from kabinet.staff.values import MomentKind
from tests import world
from tests.staff import office

pytestmark = pytest.mark.django_db


@pytest.mark.spec("STAFF-01")
@pytest.mark.parametrize(
    "phrase",
    ["ХВС-77/1", "xbc 77", "хвс77", "Лютик", "лютик", "5500777", "ПУ № 0776655", "№776655"],
)
def test_contract_is_found_by_whatever_the_caller_names(w, phrase):
    row = world.contract(w, number="ХВС-77/1", customer_name="ООО «Лютик»", customer_number="5500777")
    world.meter(row, number="0776655")
    world.contract(w)

    assert [contract.id for contract in found(w.pk, phrase).contracts] == [row.pk]


@pytest.mark.parametrize("phrase", ["Anna@Example.com", "Иванова", "анна иван", "Ромашка-сервис"])
def test_person_is_found_by_address_name_or_organisation(w, anna, boris, phrase):
    anna.first_name, anna.last_name = "Анна", "Иванова"
    anna.save()
    Enrollment.objects.filter(user=anna).update(organisation="ООО «Ромашка-Сервис»")

    people = found(w.pk, phrase).people

    assert [(person.id, person.email) for person in people] == [(anna.pk, "a•••a@example.com")]


@pytest.mark.parametrize("phrase", ["", " ", "a", "anna@example", "@", "%", "_", "\\"])
def test_phrase_that_names_nobody_finds_nobody(w, anna, contract, phrase):
    assert found(w.pk, phrase).is_empty


def test_nothing_of_another_provider_is_found(w, v):
    stranger = world.person(v, "stranger@example.com")
    row = world.contract(v, number="В-1", customer_name="ООО «Чужое»")
    world.meter(row, number="990011")

    assert all(found(w.pk, phrase).is_empty for phrase in ("В-1", "Чужое", "990011", stranger.email))


def test_wide_phrase_shows_the_first_and_says_so(w):
    for _ in range(25):
        world.contract(w)

    result = found(w.pk, "Ромашка")

    assert (len(result.contracts), result.is_more) == (20, True)


def test_phrase_stays_with_the_session_and_out_of_the_address(w, contract, desk):
    answer = desk.post("/w/office/search/", {"phrase": contract.number})
    page = desk.get("/w/office/search/")

    assert answer["Location"] == "/w/office/search/"
    assert contract.customer_name in page.text
    assert StaffSession.objects.get().phrase == contract.number


def test_card_asks_for_a_reason_first(w, contract, olga, desk):
    path = f"/w/office/contracts/{contract.pk}/"

    asked = desk.get(path)
    refused = desk.post(path, {"reason": "ticket", "reference": ""})

    assert "Почему вы открываете эту карточку" in asked.text
    assert contract.inn not in asked.text
    assert "нужен номер" in refused.text
    assert not CardVisit.objects.exists()
    assert office.audited("staff.card_opened") == []


@pytest.mark.spec("STAFF-02")
def test_opening_a_card_is_written_down_with_its_reason(w, contract, olga, desk):
    path = f"/w/office/contracts/{contract.pk}/"

    office.open_card(desk, path, reason="ticket", reference="2026-000123")
    page = desk.get(path)

    row = office.audited("staff.card_opened")[0]
    assert contract.inn in page.text
    assert (row.actor_kind, row.actor_id, row.reason, row.contract_id) == (
        "staff",
        olga.pk,
        "ticket:2026-000123",
        contract.pk,
    )
    assert (row.channel, row.provider_id) == ("office", w.pk)


def test_card_closes_by_itself_after_an_hour(contract, desk):
    path = f"/w/office/contracts/{contract.pk}/"
    office.open_card(desk, path)
    CardVisit.objects.update(opened_at=clock.technical_now() - timedelta(minutes=61))

    assert "Почему вы открываете" in desk.get(path).text
    assert desk.get(f"{path}history/")["Location"] == path


def test_card_is_open_on_the_desk_where_the_reason_was_given(contract, desk, support):
    path = f"/w/office/contracts/{contract.pk}/"
    office.open_card(desk, path)

    assert "Почему вы открываете" in office.browser_of(support).get(path).text


def test_card_of_a_contract_without_deadline_day_opens(w, desk):
    row = world.contract(w, deadline_day=None)
    office.open_card(desk, f"/w/office/contracts/{row.pk}/")

    assert "биллинг не прислал день срока" in desk.get(f"/w/office/contracts/{row.pk}/").text


def test_card_of_a_person_shows_this_provider_alone(w, v, anna, contract, desk):
    world.link(anna, contract)
    foreign = world.contract(v, number="ЧУЖОЙ-1")
    Enrollment.objects.create(user=anna, provider=v, category="legal", joined_at=world.NOW, organisation="Чужая")
    world.link(anna, foreign)
    office.open_card(desk, f"/w/office/people/{anna.pk}/")

    page = desk.get(f"/w/office/people/{anna.pk}/")

    assert contract.number in page.text
    assert "anna@example.com" in page.text
    assert "ЧУЖОЙ-1" not in page.text
    assert "Чужая" not in page.text


def sent(contract, **changed):
    register = contract.registers.get()
    facts = {
        "provider_id": contract.provider_id,
        "register": register,
        "month": date(2026, 10, 1),
        "raw": "240",
        "value": 240,
        "taken_on": world.TODAY,
        "sent_at": world.NOW,
        "actor_kind": "customer",
        "channel": "web",
        "key": "k1",
        "state_at": world.NOW,
    }
    return Submission.objects.create(contract=contract, **(facts | changed))


def drafted(contract, *, by):
    facts = {"register": contract.registers.get(), "month": date(2026, 11, 1), "saved_at": world.NOW}
    return Draft.objects.create(contract=contract, raw="31337", saved_by=by, **facts)


def test_history_tells_what_was_sent_and_what_billing_said(w, contract, anna):
    row = sent(contract, state="refused", reason="Меньше предыдущего")
    partner = Partner.objects.create(provider=w, name="billing", source="billing", token_hash="0" * 64)
    journal = {"provider": w, "partner": partner, "contract_id": contract.pk}
    Message.objects.create(
        direction="out",
        kind="readings.sent",
        subject="e1",
        at=world.NOW + timedelta(minutes=1),
        body={"seq": 17, "submission": str(row.id)},
        answer={"acknowledged_at": (world.NOW + timedelta(minutes=2)).isoformat()},
        **journal,
    )
    Message.objects.create(
        direction="in",
        kind="submission_answer",
        subject=str(row.id),
        at=world.NOW + timedelta(minutes=3),
        body={"verdict": "refused", "reason_code": "less"},
        answer={"state": "refused"},
        **journal,
    )
    Draft.objects.create(
        contract=contract,
        register=row.register,
        month=date(2026, 11, 1),
        raw="31337",
        saved_by=anna,
        saved_at=world.NOW,
    )

    moments = timeline_of(contract)

    meter = row.register.meter.number
    found_kinds = [(moment.kind, moment.what) for moment in moments if moment.kind is not MomentKind.KEPT]
    assert found_kinds == [
        (MomentKind.ANSWERED, meter),
        (MomentKind.ACKNOWLEDGED, meter),
        (MomentKind.GIVEN, meter),
        (MomentKind.SENT, meter),
        (MomentKind.ACCEPTED, meter),
    ]
    assert [moment.count for moment in moments if moment.kind is MomentKind.KEPT] == [1]
    assert "31337" not in repr(moments)


def test_page_of_the_history_shows_the_answer_and_no_draft(contract, anna, desk):
    row = sent(contract, state="refused", reason="Меньше предыдущего")
    Draft.objects.create(
        contract=contract,
        register=row.register,
        month=date(2026, 11, 1),
        raw="31337",
        saved_by=anna,
        saved_at=world.NOW,
    )
    office.open_card(desk, f"/w/office/contracts/{contract.pk}/")

    page = desk.get(f"/w/office/contracts/{contract.pk}/history/")

    assert "Меньше предыдущего" in page.text
    assert "Лежит черновик" in page.text
    assert "31337" not in page.text
