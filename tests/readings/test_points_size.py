"""The page «Показания» of a large contract: as many statements as for a small one, and no page too heavy."""

import pytest

from kabinet.contracts.models import SupplyPoint
from tests import world
from tests.readings.books import power_meter
from tests.readings.test_points_views import POINTS
from tests.readings.test_statements import statements

pytestmark = [pytest.mark.usefixtures("at"), pytest.mark.spec("READ-10")]


@pytest.fixture
def as_vera(visitor, b, vera):
    return world.signed_in(visitor, vera, b)


def test_page_asks_as_often_for_many_meters_as_for_few(as_vera, b, vera, deal, client):
    for n in range(2):
        power_meter(deal, f"30011{n}", registers=(("A+", "day"), ("A+", "night")))
    boris = world.person(b, "boris@example.com")
    for _each in range(3):
        contract = world.contract(b)
        world.link(boris, contract)
        for n in range(12):
            power_meter(contract, f"30022{n}", registers=(("A+", "day"), ("A+", "night")))
    many = world.signed_in(client, boris, b)
    first = SupplyPoint.objects.filter(contract=contract).first()
    as_vera.get(POINTS)
    many.get(POINTS)

    few = statements(as_vera, POINTS)
    of_many = statements(many, f"{POINTS}?open={first.pk}")

    assert len(of_many) <= len(few), "\n".join(of_many)


def test_page_of_five_hundred_fields_stays_small(as_vera, deal):
    for n in range(40):
        power_meter(deal, f"3{n:05d}", registers=[(q, z) for q in ("A+", "R+") for z in ("peak", "night", "half_peak")])
    points = SupplyPoint.objects.values_list("pk", flat=True)

    page = as_vera.get(POINTS, {"open": list(points)})

    assert len(page.content) < 300_000
    assert page.content.decode().count('name="value-') <= 120
