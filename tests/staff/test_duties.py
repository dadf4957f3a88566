"""The duties: windows, answers, days, policy, exceptions, audit. Each act is written down."""

import json
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from kabinet.accounts.models import StaffSession
from kabinet.accounts.services.specialists import DutyNotGiven, NotOfTheOffice
from kabinet.accounts.values import StaffRole
from kabinet.contracts.services.access import NotSeen
from kabinet.help.models import HelpEntry
from kabinet.infra import chain, clock
from kabinet.infra.models import AuditRow, Event, ParkedEvent
from kabinet.kernel.periods import Month
from kabinet.providers import middleware
from kabinet.providers.models import BillingPeriod, CalendarDay, PolicyVersion
from kabinet.readings.models import Submission, WindowExtension
from kabinet.readings.services import extensions
from kabinet.readings.services.extensions import ExtensionRefused, Granting
from kabinet.readings.values import Extension, ExtensionProblem
from kabinet.staff.services import settings
from tests import world
from tests.staff import office

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]

OCTOBER = Month(2026, 10)


def moment(day):
    return datetime(2026, 10, day, 8, tzinfo=ZoneInfo("UTC"))


def grant(browser, **changed):
    fields = {
        "key": "key-1",
        "number": "",
        "month": "2026-10",
        "closes": "2026-10-20",
        "reason": "order",
        "reference": "15",
    }
    return browser.post("/w/office/windows/", fields | changed)


def granting(of, row, *, contract=None, key="key-1", today=world.TODAY):
    provider = world.opened(of)
    return Granting(provider, contract, key=key, by=office.actor(row), at=world.NOW, today=today)


def send(browser, contract, value="240"):
    register = contract.registers.get()
    fields = {f"value-{register.pk}": value, f"key-{contract.pk}": "page-1", "send": str(contract.pk)}
    return browser.post("/w/readings/cold-water/", fields)


@pytest.mark.spec("STAFF-01", "READ-02")
def test_extended_window_takes_readings_and_says_so(w, anna, contract, olga, desk, at):
    world.link(anna, contract)
    customer = world.signed_in(Client(), anna, w)
    at(moment(14))
    closed = customer.get("/w/readings/cold-water/").text

    answer = grant(desk, number=contract.number)
    page = customer.get("/w/readings/cold-water/").text
    send(customer, contract)

    assert "срок продлён" not in closed
    assert answer["Location"] == "/w/office/windows/"
    assert "срок продлён" in page
    assert "20 октября 2026" in page
    assert Submission.objects.get().month == OCTOBER.first
    row = office.audited("readings.window_extended")[0]
    assert (row.reason, row.contract_id, row.actor_id) == ("order:15", contract.pk, olga.pk)
    assert row.after == {"month": "2026-10", "closes_on": "2026-10-20"}


def test_extension_for_all_holds_for_every_contract_of_this_provider(w, v, anna, contract, desk, at):
    world.link(anna, contract)
    foreign = world.contract(v)
    world.meter(foreign)
    boris = world.person(v, "boris@example.com")
    world.link(boris, foreign)
    at(moment(14))

    grant(desk)

    assert "срок продлён" in world.signed_in(Client(), anna, w).get("/w/readings/cold-water/").text
    assert "срок продлён" not in world.signed_in(Client(), boris, v).get("/v/readings/cold-water/").text


def test_extension_of_another_contract_changes_nothing(w, anna, contract, desk, at):
    world.link(anna, contract)
    other = world.contract(w)
    at(moment(14))

    grant(desk, number=other.number)

    assert "срок продлён" not in world.signed_in(Client(), anna, w).get("/w/readings/cold-water/").text


def test_extension_that_was_taken_back_closes_the_window(w, anna, contract, desk, at):
    world.link(anna, contract)
    at(moment(14))
    grant(desk, number=contract.number)

    desk.post(f"/w/office/windows/{WindowExtension.objects.get().pk}/withdraw/")

    assert "срок продлён" not in world.signed_in(Client(), anna, w).get("/w/readings/cold-water/").text
    assert len(office.audited("readings.extension_withdrawn")) == 1


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"closes": "2026-10-07"}, "уже прошёл"),
        ({"closes": "2026-10-12"}, "и без продления"),
        ({"closes": "2026-11-08"}, "приём за следующий месяц"),
        ({"closes": "завтра"}, "Выберите день в календаре"),
        ({"month": "2026-13"}, "Отчётный период"),
        ({"number": "НЕТ-1"}, "Договора с таким номером нет"),
        ({"reason": ""}, "Выберите причину"),
        ({"reference": "Иванов"}, "Только номер"),
    ],
)
def test_wrong_extension_says_how_to_mend_it_and_grants_nothing(contract, desk, changed, words):
    answer = grant(desk, **({"number": contract.number} | changed))

    assert answer.status_code == 200
    assert words in answer.text
    assert not WindowExtension.objects.exists()


def test_period_that_billing_closed_is_not_extended(w, contract, desk):
    BillingPeriod.objects.create(provider=w, month=OCTOBER.first, state="closed")

    answer = grant(desk, number=contract.number)

    assert "Биллинг уже закрыл" in answer.text
    assert not WindowExtension.objects.exists()


def test_second_click_grants_once(contract, desk):
    grant(desk, number=contract.number)
    grant(desk, number=contract.number)

    assert WindowExtension.objects.count() == 1
    assert "уже продлён иначе" in grant(desk, number=contract.number, closes="2026-10-25").text


def test_service_of_windows_asks_for_the_duty_itself(w, v, contract, vera):
    editor = office.specialist(w, "editor@example.com", StaffRole.EDITOR)
    wanted = Extension(OCTOBER, date(2026, 10, 20))

    with pytest.raises(DutyNotGiven):
        extensions.extend_window(wanted, granting=granting(w, editor, contract=contract))
    with pytest.raises(NotSeen):
        extensions.extend_window(wanted, granting=granting(w, vera, contract=contract))
    with pytest.raises(NotOfTheOffice):
        extensions.extend_window(wanted, granting=granting(w, vera))


def test_extension_for_all_is_granted_where_it_makes_sense_for_some(w, olga):
    world.contract(w, deadline_day=10)
    world.contract(w, deadline_day=28)
    world.contract(w, deadline_day=None)

    extensions.extend_window(Extension(OCTOBER, date(2026, 10, 20)), granting=granting(w, olga))

    with pytest.raises(ExtensionRefused) as refusal:
        extensions.extend_window(Extension(OCTOBER, date(2026, 12, 20)), granting=granting(w, olga, key="key-2"))
    assert refusal.value.problem is ExtensionProblem.NEXT_WINDOW


@pytest.mark.spec("HELP-01", "STAFF-01")
def test_answer_is_published_put_in_other_words_and_taken_back(w, olga, desk):
    fields = {"group": "Показания", "question": "Когда передавать?", "answer": "В срок.", "place": "1"}

    desk.post("/w/office/answers/new/", fields)
    entry = HelpEntry.objects.get()
    desk.post(f"/w/office/answers/{entry.pk}/", fields | {"answer": "С 8 по 12 число."})
    published = Client().get("/w/help/").text
    desk.post(f"/w/office/answers/{entry.pk}/withdraw/")

    assert "С 8 по 12 число." in published
    assert "Когда передавать?" not in Client().get("/w/help/").text
    assert [row.actor_id for row in office.audited("help.published")] == [olga.pk, olga.pk]
    assert len(office.audited("help.withdrawn")) == 1
    assert "Этот ответ уже снят" in desk.post(f"/w/office/answers/{entry.pk}/withdraw/", follow=True).text


def test_empty_answer_is_not_published(desk):
    answer = desk.post("/w/office/answers/new/", {"group": "", "question": "Вопрос?", "answer": "", "place": "1"})

    assert "Напишите ответ." in answer.text
    assert 'value="Вопрос?"' in answer.text
    assert not HelpEntry.objects.exists()


def test_day_off_moves_the_end_of_the_window(w, anna, contract, desk):
    world.link(anna, contract)

    desk.post("/w/office/calendar/", {"day": "2026-10-12", "is_working": "no", "note": "Санитарный день"})
    middleware.forget()  # kept for seconds, by each process

    page = world.signed_in(Client(), anna, w).get("/w/readings/cold-water/").text
    assert "13 октября 2026" in page
    assert office.audited("providers.day_set")[0].after == {"day": "2026-10-12", "is_working": False}


def test_day_set_twice_is_one_day_and_can_be_dropped(w, desk):
    for is_working in ("no", "yes"):
        desk.post("/w/office/calendar/", {"day": "2026-10-12", "is_working": is_working, "note": ""})
    day = CalendarDay.objects.get()
    assert day.is_working

    desk.post(f"/w/office/calendar/{day.pk}/forget/")

    assert not CalendarDay.objects.exists()
    assert office.audited("providers.day_dropped")[0].before == {"day": "2026-10-12", "is_working": True}


def test_day_of_all_providers_is_not_the_offices_to_drop(w, desk):
    day = CalendarDay.objects.create(provider=None, day="2026-12-31", is_working=False)

    assert desk.post(f"/w/office/calendar/{day.pk}/forget/").status_code == 404
    assert "для всех поставщиков" in desk.get("/w/office/calendar/").text


def test_day_that_is_past_is_not_set(desk):
    answer = desk.post("/w/office/calendar/", {"day": "2026-10-07", "is_working": "no", "note": ""})

    assert "уже прошёл" in answer.text
    assert not CalendarDay.objects.exists()


def policy(**changed):
    return json.dumps(world.POLICY | changed)


@pytest.mark.spec("SITE-02")
def test_policy_is_checked_first_and_set_by_the_second_button(w, desk):
    checked = desk.post("/w/office/policy/", {"body": policy(password_min_length=12), "check": ""})
    unchanged = PolicyVersion.objects.count()

    answer = desk.post("/w/office/policy/", {"body": policy(password_min_length=12), "set": ""})

    assert "password_min_length" in checked.text
    assert "Сохранить новую версию" in checked.text
    assert unchanged == 1
    assert answer["Location"] == "/w/office/policy/"
    first, second = PolicyVersion.objects.order_by("version")
    assert (first.valid_to, second.version) == (second.valid_from, 2)
    assert second.to_value().password_min_length == 12
    assert office.audited("providers.policy_set")[0].after["version"] == 2


def test_policy_may_begin_on_a_day_to_come_in_the_providers_zone(w, desk):
    desk.post("/w/office/policy/", {"body": policy(password_min_length=12), "starts_on": "2026-10-20", "set": ""})

    version = PolicyVersion.objects.get(version=2)
    assert version.valid_from == datetime(2026, 10, 20, tzinfo=w.zone)
    again = desk.post("/w/office/policy/", {"body": policy(password_min_length=14), "set": ""})
    assert "вступит в силу позже" in again.text
    assert PolicyVersion.objects.count() == 2


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("{", "это не JSON"),
        ("[]", "Всё целиком"),
        (policy(password_min_length=5), "password_min_length: должно быть не меньше 8"),
        (policy(sections=["nonsense"]), "sections.0: можно только"),
        (policy(surprise=1), "surprise: такой настройки нет"),
    ],
)
def test_wrong_policy_is_told_in_words_and_not_set(desk, body, words):
    answer = desk.post("/w/office/policy/", {"body": body, "set": ""})

    assert words in answer.text
    assert PolicyVersion.objects.count() == 1


def test_policy_without_deadlines_to_go_by_is_not_set(w, olga, desk):
    PolicyVersion.objects.update(body=world.POLICY | {"window": {"type": "until_closed"}})
    world.contract(w, deadline_day=None)
    world_policy = {"body": policy(), "set": ""}

    answer = desk.post("/w/office/policy/", world_policy)

    assert "день срока" in answer.text
    assert PolicyVersion.objects.count() == 1


def test_policy_begins_tomorrow_at_the_earliest_or_at_once(desk):
    answer = desk.post("/w/office/policy/", {"body": policy(), "starts_on": "2026-10-08", "set": ""})

    assert "не раньше завтрашнего" in answer.text


def test_settings_ask_for_the_duty_themselves(w, vera, support):
    day = {"is_working": False, "note": "", "provider": w}

    with pytest.raises(DutyNotGiven):
        settings.set_day(world.TODAY, by=office.actor(support), **day)
    with pytest.raises(NotOfTheOffice):
        settings.set_day(world.TODAY, by=office.actor(vera), **day)


def parked(of, **changed):
    event = Event.objects.create(provider_id=of.pk, kind="readings.sent", payload={}, at=world.NOW)
    later = clock.technical_now() + timedelta(minutes=15)
    facts = {"handler": "readings.tell", "lane": "x", "seq": 7, "error": "ValueError", "retry_at": later}
    return ParkedEvent.objects.create(event=event, **(facts | changed))


def test_parked_event_is_shown_and_sent_on_its_way_again(w, olga, desk):
    row = parked(w)

    page = desk.get("/w/office/failures/").text
    desk.post(f"/w/office/failures/{row.pk}/retry/")

    row.refresh_from_db()
    assert "readings.tell" in page
    assert row.retry_at <= clock.technical_now()
    assert [entry.actor_id for entry in office.audited("infra.event_retried")] == [olga.pk]


def test_parked_events_of_another_provider_are_not_shown(w, v, desk):
    parked(v, handler="marker.of_v")

    assert "marker.of_v" not in desk.get("/w/office/failures/").text


def test_jobs_that_were_given_up_are_counted(w, desk):
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, attempts, priority)
            SELECT 'default', 'infra.send_mail', '{"letter": "secret-id"}', 'failed', 3, 0 FROM generate_series(1, 2)
            """
        )

    page = desk.get("/w/office/failures/").text

    assert "infra.send_mail" in page
    assert "secret-id" not in page


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
