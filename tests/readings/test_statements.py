"""How often a page of sending asks the database: as often for five contracts as for one."""

from contextlib import suppress
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kabinet.readings.models import WindowExtension
from kabinet.readings.services.sending import NothingSent
from tests import world
from tests.readings.sending import SEND, VOLUMES
from tests.readings.test_services import send
from tests.readings.test_volumes import accepted
from tests.readings.test_volumes import send as send_volume

START = "/w/start/"

pytestmark = pytest.mark.usefixtures("at")


def lived_in(w, user, *, deadline_day):
    """Give the user a contract with everything that the pages look at: cold and hot meters, drafts, things sent."""
    contract = world.contract(w, has_hot_water=True, deadline_day=deadline_day)
    world.link(user, contract)
    cold, hot = world.meter(contract), world.meter(contract, resource="hot_water")
    world.meter(contract, showed=None)
    accepted(hot.point, "6.5", month="2026-09", external_id=f"of-{hot.pk}")
    with suppress(NothingSent):  # the window of some is not open today
        send(contract, user, (world.register_of(cold), "243"))
        send_volume(contract, user, (hot.point, "7"))
    return contract


def statements(client, path):
    with CaptureQueriesContext(connection) as seen:
        assert client.get(path).status_code == 200
    return [query["sql"] for query in seen]


@pytest.mark.parametrize("path", [SEND, VOLUMES, START])
def test_five_contracts_ask_as_often_as_one(visitor, client, w, anna, boris, path):
    one = lived_in(w, anna, deadline_day=10)
    for day in (10, 9, 5, 25, 10):
        lived_in(w, boris, deadline_day=day)
    WindowExtension.objects.create(
        provider=w, contract=one, month=date(2026, 10, 1), closes_on=date(2026, 10, 20), reason="", given_by=anna.pk,
        given_at=world.NOW,
    )  # fmt: skip
    pages = world.signed_in(visitor, anna, w), world.signed_in(client, boris, w)
    for page in pages:
        page.get(path)

    of_one, of_five = (statements(page, path) for page in pages)

    assert len(of_five) == len(of_one), "\n".join(of_five)
    assert len(of_one) <= 30
