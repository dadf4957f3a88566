"""A flat without a past of its own is measured by the norm of its people; one with a past never below it (READ-09)."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kabinet.providers.models import BillingPeriod
from kabinet.providers.values import Resource
from kabinet.readings.models import Submission
from kabinet.readings.selectors import household as selectors
from kabinet.readings.selectors.sheets import sheets_of
from kabinet.readings.services import household
from kabinet.readings.services.sending import NothingSent
from kabinet.readings.values import Entry, Mistake
from kabinet.readings.values.household import Beside
from kabinet.tariffs.models import Norm
from tests import world
from tests.readings import flats
from tests.readings.test_services import sending_by

pytestmark = [pytest.mark.usefixtures("at"), pytest.mark.spec("READ-09")]

FLOOR = 500


@pytest.fixture
def nina(p):
    BillingPeriod.objects.create(provider=p, month=date(2026, 10, 1), state="open")
    return world.person(p, "nina@example.com")


def norm(of, value, **changed):
    facts = {"resource": "electricity", "kind": "person", "valid_from": date(2026, 1, 1)}
    return Norm.objects.create(provider=of, value=Decimal(value), **(facts | changed))


def living(p, nina, *, months=0, run=100, **people):
    """Give Nina a flat with an electricity meter; with `months` it has a past, with -1 not even a first reading."""
    row = flats.account(p, nina, house=world.house(p), rooms=2, **people)
    meter = flats.power(row, showed=("4580",), months=months, run=run)
    return row, world.register_of(meter)


def usual(p, row, register, *, viewer):
    flat = selectors.flat_of(viewer, world.opened(p), row, today=world.TODAY)
    return flat.lines[register.pk].limits.usual


@pytest.mark.parametrize(
    ("people", "limit"),
    [
        ({"residents": 4}, 3 * 150 * 4),
        ({"residents": 0, "owners": 2}, 3 * 150 * 2),
        ({"residents": 1, "owners": 5}, FLOOR),
        ({}, FLOOR),
    ],
)
def test_new_flat_is_measured_by_thrice_the_norm_of_its_people(p, nina, people, limit):
    norm(p, "150", house_type="gas_stove")
    norm(p, "900", house_type="electric_stove")
    norm(p, "900", resource="hot_water")
    row, register = living(p, nina, **people)

    assert usual(p, row, register, viewer=world.viewer_of(nina, p)) == limit


def test_norm_is_that_of_the_month_times_the_months_since_the_last_reading(p, nina):
    norm(p, "900", valid_to=date(2026, 10, 1))
    norm(p, "150", valid_from=date(2026, 10, 1))
    row, register = living(p, nina, months=-1, residents=2)
    world.accepted(register, "4580", month="2026-07", taken_on=date(2026, 7, 20))

    assert usual(p, row, register, viewer=world.viewer_of(nina, p)) == 3 * 150 * 2 * 3


@pytest.mark.parametrize(("run", "limit"), [(100, 300), (10, 92)])
def test_past_is_the_measure_and_the_norm_its_lower_bar(p, nina, run, limit):
    norm(p, "46")
    row, register = living(p, nina, months=13, run=run, residents=2)

    assert usual(p, row, register, viewer=world.viewer_of(nina, p)) == limit


def test_reading_within_the_norm_goes_and_one_above_is_asked_about(p, nina):
    norm(p, "150")
    row, register = living(p, nina, residents=4)

    with pytest.raises(NothingSent) as refusal:
        send(row, nina, register, "06381")
    send(row, nina, register, "06380")

    assert refusal.value.outcomes[0].problems == (Mistake.CONSUMPTION_TOO_HIGH,)
    assert Submission.objects.get().value == 6380


def send(row, nina, register, raw):
    return household.submit(row, [Entry(register.pk, raw)], sending=sending_by(nina, row), beside=Beside())


def test_who_is_not_signed_in_cannot_count_the_people(p, nina):
    norm(p, "150")
    row, register = living(p, nina, residents=4)

    flat = selectors.flat_of_nobody(row, world.opened(p), today=world.TODAY)

    assert flat.lines[register.pk].limits.usual == FLOOR


def test_norms_of_all_accounts_cost_two_more_statements_and_a_firms_none(p, nina, w, anna):
    norm(p, "150")
    living(p, nina, residents=4)
    firm = world.contract(w)
    world.link(anna, firm)
    world.meter(firm)
    of_one = statements(nina, p, Resource.ELECTRICITY)
    for people in (1, 2, 3):
        living(p, nina, residents=people)

    assert of_one == statements(nina, p, Resource.ELECTRICITY) == 2
    assert statements(anna, w, Resource.COLD_WATER) == 0


def statements(user, of, resource):
    """Count what is asked beside the sheets' own statement, which goes past the framework."""
    viewer, provider = world.viewer_of(user, of), world.opened(of)
    with CaptureQueriesContext(connection) as seen:
        assert sheets_of(viewer, provider, resource=resource, today=world.TODAY)
    return len(seen)
