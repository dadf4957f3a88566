"""Answers, days of the calendar, the policy, exceptions. Each act is written down."""

import json
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client

from kabinet.accounts.services.specialists import DutyNotGiven, NotOfTheOffice
from kabinet.exchange.models import Message, Partner
from kabinet.exchange.schemas import TEXTS
from kabinet.help.models import HelpEntry
from kabinet.infra import clock
from kabinet.infra.models import Event, OutgoingLetter, ParkedEvent
from kabinet.providers import middleware
from kabinet.providers.models import CalendarDay, PolicyVersion
from kabinet.staff.services import settings
from tests import world
from tests.staff import office

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]


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


@pytest.mark.spec("BILL-01")
def test_batches_that_were_refused_whole_are_shown_with_their_first_fault(w, v, desk):
    for of, row in ((w, "answer/1"), (v, "marker-of-v")):
        partner = Partner.objects.create(provider=of, name="Биллинг", source="billing", token_hash=of.slug)
        problem = {"line": 7, "entity": "submission_answer", "external_id": row, "field": "", "code": "bad_json"}
        report = {"batch": str(partner.pk), "outcome": "refused", "problems": [problem], "problems_total": 3}
        facts = {"partner": partner, "direction": "in", "kind": "batch", "at": world.NOW, "body": {}}
        Message.objects.create(provider=of, answer=report, **facts)
        Message.objects.create(provider=of, answer=report | {"outcome": "taken"}, **facts)

    page = desk.get("/w/office/failures/").text

    assert page.count("answer/1") == 1
    assert TEXTS["bad_json"] in page
    assert "marker-of-v" not in page


def test_letters_that_the_mail_server_refused_for_good_are_counted(w, desk):
    at = clock.technical_now()
    for code in ("550", "550", "554"):
        OutgoingLetter.objects.create(template="confirm_email", made_at=at, refused_at=at, refusal=code)
    OutgoingLetter.objects.create(template="still_waits", to="anna@example.com", made_at=at)

    page = desk.get("/w/office/failures/").text

    assert page.count("confirm_email") == 2
    assert "<code>550</code>" in page
    assert "still_waits" not in page


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
