"""Search, cards that open for a reason, the history of a contract, the help back in."""

from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from kabinet.accounts.models import Enrollment, OneTimeSecret, Session, StaffSession
from kabinet.accounts.services.office_recovery import Recovery, RecoveryRefused, recover_account
from kabinet.accounts.services.specialists import DutyNotGiven, NotOfTheOffice
from kabinet.accounts.values import StaffRole
from kabinet.exchange.models import Message, Partner
from kabinet.infra import clock
from kabinet.infra.models import OutgoingLetter
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


def recover(browser, user, **changed):
    path = f"/w/office/people/{user.pk}/recovery/"
    fields = {"key": "key-1", "email": "", "is_checked": "on"} | changed
    return browser.post(path, {name: value for name, value in fields.items() if value is not None})


@pytest.mark.spec("REG-06")
def test_office_sets_the_address_and_starts_the_usual_recovery(w, anna, olga, desk):
    customers = world.signed_in(Client(), anna, w)
    office.open_card(desk, f"/w/office/people/{anna.pk}/", reason="visit", reference="17")

    answer = recover(desk, anna, email="Anna.New@example.com")

    anna.refresh_from_db()
    letters = {letter.template: letter.to for letter in OutgoingLetter.objects.all()}
    assert answer["Location"] == f"/w/office/people/{anna.pk}/"
    assert (anna.email, anna.email_confirmed_at) == ("anna.new@example.com", None)
    assert not anna.has_password(world.PASSWORD)
    assert letters == {
        "accounts/recovery_code": "anna.new@example.com",
        "accounts/address_replaced": "anna@example.com",
    }
    assert not Session.objects.filter(user=anna).exists()
    assert customers.get("/w/start/").status_code == 302
    assert [row.reason for row in office.audited("accounts.email_replaced")] == ["visit:17"]
    assert [row.actor_id for row in office.audited("accounts.recovery_started")] == [olga.pk]


@pytest.mark.spec("REG-06")
def test_person_takes_the_code_and_chooses_the_password(w, anna, desk):
    office.open_card(desk, f"/w/office/people/{anna.pk}/")
    recover(desk, anna, email="anna.new@example.com")
    letter = OutgoingLetter.objects.get(template="accounts/recovery_code")
    code = next(line for line in letter.text.splitlines() if line.isdigit())
    words = "совсем другие слова 8"

    fields = {"email": "anna.new@example.com", "code": code, "password": words, "again": words}
    Client().post("/w/recover/code/", fields)

    anna.refresh_from_db()
    assert anna.has_password(words)
    assert anna.email_confirmed_at is not None


def test_recovery_to_the_address_that_stands_leaves_the_password(anna, desk):
    office.open_card(desk, f"/w/office/people/{anna.pk}/")

    recover(desk, anna)

    anna.refresh_from_db()
    assert anna.has_password(world.PASSWORD)
    assert OneTimeSecret.objects.filter(user=anna, purpose="recover_password", used_at=None).count() == 1
    assert OutgoingLetter.objects.get().to == "anna@example.com"


def test_second_click_starts_nothing_anew(anna, desk):
    office.open_card(desk, f"/w/office/people/{anna.pk}/")

    recover(desk, anna)
    recover(desk, anna)

    assert OutgoingLetter.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"is_checked": None}, "Без проверки"),
        ({"email": "boris@example.com"}, "занят другим"),
        ({"email": "anna@example.com"}, "уже записан"),
        ({"email": "не адрес"}, "Новый адрес почты"),
    ],
)
def test_wrong_recovery_says_how_to_mend_it_and_changes_nothing(anna, boris, desk, changed, words):
    office.open_card(desk, f"/w/office/people/{anna.pk}/")

    answer = recover(desk, anna, **changed)

    anna.refresh_from_db()
    assert words in answer.text
    assert answer.status_code == 200
    assert anna.email == "anna@example.com"
    assert not OutgoingLetter.objects.exists()


def test_recovery_needs_the_card_open(anna, desk):
    assert recover(desk, anna)["Location"] == f"/w/office/people/{anna.pk}/"
    assert not OutgoingLetter.objects.exists()


def test_who_is_also_elsewhere_is_not_one_offices_to_help(w, v, anna, desk):
    Enrollment.objects.create(user=anna, provider=v, category="legal", joined_at=world.NOW)
    office.open_card(desk, f"/w/office/people/{anna.pk}/")

    answer = recover(desk, anna, email="thief@example.com")

    anna.refresh_from_db()
    assert "отсюда восстановить нельзя" in answer.text
    assert anna.email == "anna@example.com"


def test_staff_cannot_help_itself_to_another_specialists_way_in(w, olga, support):
    Enrollment.objects.create(user=olga.user, provider=w, category="legal", joined_at=world.NOW)

    with pytest.raises(RecoveryRefused):
        recover_account(
            Recovery(olga.user_id, "thief@example.com"),
            provider=w,
            key="k",
            by=office.actor(support),
            at=clock.technical_now(),
        )


def test_service_asks_for_the_duty_itself(w, v, anna, vera):
    editor = office.specialist(w, "editor@example.com", StaffRole.EDITOR)
    facts = {"provider": w, "key": "k", "at": clock.technical_now()}

    with pytest.raises(DutyNotGiven):
        recover_account(Recovery(anna.pk), by=office.actor(editor), **facts)
    with pytest.raises(NotOfTheOffice):
        recover_account(Recovery(anna.pk), by=office.actor(vera), **facts)


def test_operator_helps_whom_no_office_may(w, v, anna, capsys):
    Enrollment.objects.create(user=anna, provider=v, category="legal", joined_at=world.NOW)

    call_command(
        "recover_account", "--provider", "w", "--email", "anna@example.com", "--new-email", "anna.new@example.com",
        "--reason", "order:12",
    )  # fmt: skip

    anna.refresh_from_db()
    assert anna.email == "anna.new@example.com"
    assert office.audited("accounts.email_replaced")[0].reason == "order:12"
    with pytest.raises(CommandError):
        call_command("recover_account", "--provider", "w", "--email", "nobody@example.com", "--reason", "1")
