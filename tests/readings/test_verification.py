"""Verification that comes: its page, and letters sixty, thirty and seven days before (NOTE-04, I25)."""

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
from kabinet.readings import tasks
from kabinet.readings.models import VerificationWarning
from kabinet.readings.services import verification
from tests import world
from tests.readings.books import power_meter
from tests.readings.sending import text_of

MORNING = datetime(2026, 10, 8, 5, tzinfo=UTC)
DAY = timedelta(days=1)
PAGE = "/b/readings/verification/"

pytestmark = pytest.mark.spec("READ-10", "NOTE-04")


def warn(provider, *, at=MORNING):
    return verification.warn(world.opened(provider), at=at)


def letters():
    return list(OutgoingLetter.objects.order_by("made_at", "to"))


def due_in(days):
    return world.TODAY + timedelta(days=days)


@pytest.mark.parametrize(
    ("left", "told"), [(61, 0), (60, 1), (31, 1), (30, 1), (8, 1), (7, 1), (1, 1), (0, 0), (-5, 0)]
)
def test_letter_goes_within_sixty_days(b, deal, left, told):
    power_meter(deal, "300111", verification_due=due_in(left))

    assert warn(b) == told


def test_each_step_is_told_once(b, deal):
    power_meter(deal, "300111", verification_due=due_in(60))

    told = [warn(b, at=MORNING + n * DAY) for n in (0, 0, 1, 29, 30, 31, 52, 53, 54, 60)]

    assert told == [1, 0, 0, 0, 1, 0, 0, 1, 0, 0]
    assert VerificationWarning.objects.get().days == 7


def test_job_that_slept_through_a_step_tells_the_narrowest_alone(b, deal):
    power_meter(deal, "300111", verification_due=due_in(60))

    assert [warn(b, at=MORNING + 55 * DAY), warn(b, at=MORNING + 56 * DAY)] == [1, 0]


def test_meter_that_was_verified_is_warned_of_anew_in_its_time(b, deal):
    meter = power_meter(deal, "300111", verification_due=due_in(7))
    warn(b)
    Meter.objects.filter(pk=meter.pk).update(verification_due=due_in(100))

    assert [warn(b, at=MORNING + 39 * DAY), warn(b, at=MORNING + 40 * DAY)] == [0, 1]


def test_many_meters_stand_in_one_letter_by_contract(b, vera, deal):
    other = world.contract(b)
    world.link(vera, other)
    for number in ("300111", "300222"):
        power_meter(deal, number, verification_due=due_in(5))
    power_meter(other, "300333", verification_due=due_in(50))

    assert warn(b) == 1
    (letter,) = letters()
    assert "ближайшая — 13 октября 2026" in letter.subject
    assert letter.text.count(f"№ {deal.number}\n") == 1
    assert "прибор № 300222" in letter.text
    assert "до 13 октября 2026, осталось дней: 5" in letter.text
    assert "прибор № 300333" in letter.text
    assert letter.text.count("/b/readings/verification/") == 1


def test_of_very_many_meters_the_first_are_named(b, deal):
    for number in range(43):
        power_meter(deal, f"{300100 + number}", verification_due=due_in(5))

    warn(b)

    assert letters()[0].text.count("прибор №") == 40
    assert "и ещё приборов: 3" in letters()[0].text


@pytest.mark.spec("I25", "ROLE-05")
@pytest.mark.parametrize(
    ("role", "told"),
    [(Role.ADMINISTRATOR, 1), (Role.MANAGER, 1), (Role.ENERGY_ENGINEER, 1), (Role.ACCOUNTANT, 0)],
)
def test_who_may_send_readings_is_written_to(b, deal, vera, role, told):
    power_meter(deal, "300111", verification_due=due_in(5))
    Membership.objects.update(role=role)

    assert warn(b) == told


@pytest.mark.spec("I25")
@pytest.mark.parametrize("changed", [{"ended_at": world.NOW - DAY}, {"expires_at": world.NOW - DAY}])
def test_role_that_has_ended_brings_no_letter(b, deal, changed):
    power_meter(deal, "300111", verification_due=due_in(5))
    Membership.objects.update(granted_at=world.NOW - 9 * DAY, **changed)

    assert warn(b) == 0


@pytest.mark.spec("I25", "ROLE-05")
def test_letter_keeps_to_the_points_of_the_role(b, deal):
    mine = power_meter(deal, "300111", verification_due=due_in(5))
    power_meter(deal, "300222", verification_due=due_in(5))
    Membership.objects.update(points=[mine.point_id])

    warn(b)

    assert "300111" in letters()[0].text
    assert "300222" not in letters()[0].text


def test_who_wants_no_letters_or_has_no_confirmed_address_gets_none(b, deal, vera):
    power_meter(deal, "300111", verification_due=due_in(5))
    boris = world.person(b, "boris@example.com", confirmed=False)
    world.link(boris, deal)
    Enrollment.objects.filter(user=vera).update(wants_letters=False)

    assert warn(b) == 0


@pytest.mark.parametrize("changed", [{"entry_status": "out_of_service"}, {"valid_to": world.TODAY}])
def test_meter_that_counts_no_more_is_not_warned_of(b, deal, changed):
    power_meter(deal, "300111", verification_due=due_in(5), **changed)

    assert warn(b) == 0


def test_by_night_nothing_is_written(b, deal):
    power_meter(deal, "300111", verification_due=due_in(5))

    assert warn(b, at=MORNING - timedelta(hours=3)) == 0


def test_job_goes_round_all_providers(b, deal, w, anna, at):
    power_meter(deal, "300111", verification_due=due_in(5))
    contract = world.contract(w)
    world.meter(contract, verification_due=due_in(5))
    world.link(anna, contract)
    at(MORNING)

    tasks.warn_of_verification(0)

    assert {letter.to for letter in letters()} == {"vera@example.com", "anna@example.com"}
    assert "/w/start/" in letters()[0].text + letters()[1].text


def test_letter_speaks_the_persons_language(b, deal, vera):
    power_meter(deal, "300111", verification_due=due_in(5))
    vera.language = "en"
    vera.save(update_fields=["language"])

    warn(b)

    assert "13 October 2026" in letters()[0].text


@pytest.mark.django_db(transaction=True)
def test_two_rounds_at_once_write_one_letter(b, deal):
    power_meter(deal, "300111", verification_due=due_in(5))

    def round_(_):
        try:
            return warn(b)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        told = list(pool.map(round_, range(2)))

    assert sum(told) == 1
    assert OutgoingLetter.objects.count() == 1


def test_database_itself_keeps_one_warning_of_a_verification(b, deal):
    power_meter(deal, "300111", verification_due=due_in(5))
    warn(b)
    twin = VerificationWarning.objects.get()
    twin.pk = ids.new()

    with pytest.raises(IntegrityError, match="warned_of_verification_once"):
        twin.save(force_insert=True)


def test_database_itself_keeps_to_the_steps(b, deal):
    power_meter(deal, "300111", verification_due=due_in(5))
    warn(b)

    with pytest.raises(IntegrityError, match="verification_is_warned_of_by_steps"):
        VerificationWarning.objects.update(days=14)


@pytest.mark.usefixtures("at")
def test_page_lists_by_contract_the_soonest_first(visitor, b, vera, deal):
    power_meter(deal, "300111", verification_due=due_in(40))
    power_meter(deal, "300222", verification_due=due_in(-1))
    power_meter(deal, "300333", verification_due=due_in(61))

    text = text_of(world.signed_in(visitor, vera, b).get(PAGE))

    assert text.index("№ 300222") < text.index("Срок поверки истёк") < text.index("№ 300111")
    assert "17 ноября 2026 Осталось дней: 40" in text
    assert "300333" not in text


@pytest.mark.usefixtures("at")
@pytest.mark.spec("ROLE-05")
def test_page_keeps_to_the_points_of_the_role(visitor, b, vera, deal):
    mine = power_meter(deal, "300111", verification_due=due_in(5))
    power_meter(deal, "300222", verification_due=due_in(5))
    Membership.objects.update(points=[mine.point_id])

    text = text_of(world.signed_in(visitor, vera, b).get(PAGE))

    assert "300111" in text
    assert "300222" not in text


@pytest.mark.usefixtures("at")
def test_page_says_when_all_is_well(visitor, b, vera, deal):
    power_meter(deal, "300111", verification_due=date(2030, 1, 1))

    assert "Поверка в порядке" in text_of(world.signed_in(visitor, vera, b).get(PAGE))
