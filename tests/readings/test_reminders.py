"""Reminders by letter on a real database."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connections
from django.db.utils import IntegrityError

from kabinet.accounts.models import Enrollment
from kabinet.contracts.models import Membership, Meter
from kabinet.contracts.values import Role
from kabinet.infra import ids
from kabinet.infra.models import OutgoingLetter
from kabinet.providers.models import BillingPeriod
from kabinet.readings import tasks
from kabinet.readings.models import Reminder, Submission, WindowExtension
from kabinet.readings.services import reminders
from tests import world
from tests.readings.test_services import send
from tests.readings.test_volumes import send as send_volume

# 9 in the morning of the opening day at Samara; the window of October is 08.10–12.10.
OPENING = datetime(2026, 10, 8, 5, tzinfo=UTC)
DAY = timedelta(days=1)

pytestmark = pytest.mark.spec("NOTE-04")


def remind(provider, *, at=OPENING):
    return reminders.remind(world.opened(provider), at=at)


def letters():
    return list(OutgoingLetter.objects.order_by("made_at", "to"))


@pytest.fixture
def linked(contract, anna):
    world.link(anna, contract)
    return contract


def test_opening_is_told_once_with_deadline_count_and_one_link(linked, anna, w):
    assert [remind(w), remind(w), remind(w, at=OPENING + DAY)] == [1, 0, 0]

    (letter,) = letters()
    assert letter.to == anna.email
    assert "срок передачи показаний открылся" in letter.subject
    assert linked.customer_name in letter.text
    assert "по 12 октября 2026 включительно" in letter.text
    assert "Осталось передать: 1 показание холодной воды." in letter.text
    assert letter.text.count("/w/readings/") == 1
    assert Reminder.objects.get().told_on == date(2026, 10, 8)


def test_closing_is_told_on_the_day_before_and_by_a_late_job(linked, w):
    remind(w)

    assert remind(w, at=OPENING + 3 * DAY) == 1
    assert remind(w, at=OPENING + 4 * DAY) == 0
    assert "срок заканчивается" in letters()[1].subject


def test_job_that_slept_through_tells_of_closing_alone(linked, w):
    assert remind(w, at=OPENING + 4 * DAY) == 1

    (letter,) = letters()
    assert "Срок передачи заканчивается" in letter.text
    assert "Открылся" not in letter.text
    assert remind(w, at=OPENING + 5 * DAY) == 0


@pytest.mark.parametrize("moment", [OPENING - DAY, OPENING - timedelta(hours=2), OPENING + timedelta(hours=12)])
def test_before_the_window_and_by_night_nothing_is_written(linked, w, moment):
    assert remind(w, at=moment) == 0


def test_zone_of_the_provider_decides_the_day(contract, anna, w):
    w.zone_name = "Pacific/Auckland"
    w.save(update_fields=["zone_name"])
    world.link(anna, contract)

    # In Auckland it is already 9 in the morning of 8 October.
    assert remind(w, at=datetime(2026, 10, 7, 20, tzinfo=UTC)) == 1


def test_who_has_sent_everything_is_left_alone(linked, register, anna, w):
    send(linked, anna, (register, "243"))

    assert remind(w) == 0


def test_refused_reading_counts_as_not_sent(linked, register, anna, w):
    send(linked, anna, (register, "243"))
    Submission.objects.update(state="refused")

    assert remind(w) == 1


def test_volumes_are_reminded_of_too(linked, register, anna, w):
    linked.has_hot_water = True
    linked.save(update_fields=["has_hot_water"])
    send(linked, anna, (register, "243"))

    assert remind(w) == 1
    (letter,) = letters()
    assert "1 объём по стокам ГВС" in letter.text
    assert "/w/readings/sewage-volumes/" in letter.text

    send_volume(linked, anna, (linked.points.get(), "7"))
    assert remind(w, at=OPENING + 3 * DAY) == 0


def test_one_letter_lists_all_contracts_of_a_person(linked, anna, w):
    others = [world.contract(w) for _ in range(2)]
    for other in others:
        world.meter(other)
        world.link(anna, other)

    assert remind(w) == 1

    (letter,) = letters()
    assert all(each.customer_name in letter.text for each in (linked, *others))
    assert Reminder.objects.count() == 3


def test_second_window_of_the_same_day_waits_for_tomorrow(linked, anna, w):
    remind(w)
    late = world.contract(w)
    world.meter(late)
    world.link(anna, late)

    assert remind(w) == 0
    assert remind(w, at=OPENING + DAY) == 1
    assert linked.customer_name not in letters()[1].text


def test_every_person_of_a_contract_is_told(linked, boris, w):
    world.link(boris, linked, role=Role.ENERGY_ENGINEER)

    assert remind(w) == 2


@pytest.mark.parametrize("why", ["accountant", "stranger", "unconfirmed", "unwanted", "closed", "ended"])
def test_nobody_else_is_told(contract, anna, w, why):
    if why != "stranger":
        world.link(anna, contract, role=Role.ACCOUNTANT if why == "accountant" else Role.MANAGER)
    match why:
        case "unconfirmed":
            anna.email_confirmed_at = None
            anna.save(update_fields=["email_confirmed_at"])
        case "unwanted":
            Enrollment.objects.update(wants_letters=False)
        case "closed":
            Enrollment.objects.update(closed_at=world.NOW)
        case "ended":
            Membership.objects.update(ended_at=world.NOW)

    assert remind(w) == 0


def test_role_limited_to_a_point_hears_of_that_point_alone(linked, register, anna, boris, w):
    other = world.meter(linked)
    world.link(boris, linked, points=[other.point_id])
    send(linked, anna, (register, "243"))
    send(linked, boris, (world.register_of(other), "243"))
    third = world.meter(linked)

    assert remind(w) == 1
    assert letters()[0].to == anna.email
    assert third.point_id not in Membership.objects.get(user=boris).points


def test_meters_that_take_no_readings_are_not_counted(linked, w):
    Meter.objects.update(entry_status="out_of_service")

    assert remind(w) == 0


def test_period_that_billing_has_closed_is_not_reminded_of(linked, w):
    BillingPeriod.objects.create(provider=w, month=date(2026, 10, 1), state="closed")

    assert remind(w) == 0


def test_more_time_from_the_office_counts(linked, w):
    WindowExtension.objects.create(
        provider=w, contract=linked, month=date(2026, 10, 1), closes_on=date(2026, 10, 20), reason="авария",
        given_by=ids.new(), given_at=world.NOW,
    )  # fmt: skip

    assert remind(w, at=OPENING + 10 * DAY) == 1
    assert "по 20 октября 2026" in letters()[0].text
    assert remind(w, at=OPENING + 11 * DAY) == 1
    assert "срок заканчивается" in letters()[1].subject


def test_people_of_another_provider_are_not_written_to(linked, v, w):
    theirs = world.contract(v)
    world.meter(theirs)
    world.link(world.person(v, "vera@example.com"), theirs)

    assert remind(w) == 1
    assert letters()[0].to == "anna@example.com"


def test_letter_speaks_the_persons_language(linked, anna, w):
    anna.language = "en"
    anna.save(update_fields=["language"])

    remind(w)

    assert "12 October 2026" in letters()[0].text


def test_job_goes_round_all_providers(linked, v, at):
    theirs = world.contract(v)
    world.meter(theirs)
    world.link(world.person(v, "vera@example.com"), theirs)
    at(OPENING)

    tasks.remind(0)

    assert {letter.to for letter in letters()} == {"anna@example.com", "vera@example.com"}


@pytest.mark.django_db(transaction=True)
def test_two_rounds_at_once_write_one_letter(linked, w):
    def round_(_):
        try:
            return remind(w)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        told = list(pool.map(round_, range(2)))

    assert sum(told) == 1
    assert OutgoingLetter.objects.count() == 1


def test_database_itself_keeps_to_one_reminder(linked, w):
    remind(w)
    twin = Reminder.objects.get()
    twin.pk = ids.new()

    with pytest.raises(IntegrityError, match="reminded_once"):
        twin.save(force_insert=True)


def test_database_itself_keeps_reminders_to_months(linked, w):
    remind(w)

    with pytest.raises(IntegrityError, match="reminder_month_is_a_month"):
        Reminder.objects.update(month=world.TODAY)
