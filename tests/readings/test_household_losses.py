"""An account goes away between the door and its sheet: whoever asks is answered as one who never had it."""

from importlib import import_module

import pytest

from kabinet.contracts.models import Membership
from kabinet.readings.models import Submission
from tests import world
from tests.readings import flats

pytestmark = pytest.mark.usefixtures("at")

# The package has a view of the same name.
views = import_module("kabinet.readings.views.household")


@pytest.fixture
def visitor(client, nina, p):
    return world.signed_in(client, nina, p)


@pytest.fixture
def _taken_away(monkeypatch, flat, nina):
    """Let a colleague take the account away when the page is already past its door."""
    look = views.flat_of

    def looked_at_too_late(*asked, **more):
        Membership.objects.filter(user=nina, contract=flat).update(ended_at=world.NOW)
        return look(*asked, **more)

    monkeypatch.setattr(views, "flat_of", looked_at_too_late)


@pytest.mark.spec("READ-07", "READ-08", "CON-04")
@pytest.mark.usefixtures("_taken_away")
@pytest.mark.parametrize("page", ["first", "form", "sent"])
def test_page_of_an_account_that_goes_in_that_moment_is_not_found(visitor, flat, page):
    path = {"first": "/p/readings/household/", "form": flats.url_of(flat), "sent": f"{flats.url_of(flat)}sent/"}[page]

    answer = visitor.get(path)

    assert answer.status_code == 404


@pytest.mark.spec("READ-08", "CON-04")
@pytest.mark.usefixtures("_taken_away")
@pytest.mark.parametrize("to", ["", "price/"])
def test_press_on_an_account_that_goes_in_that_moment_stores_nothing(visitor, flat, to):
    meter = flats.power(flat)

    answer = visitor.post(flats.url_of(flat) + to, {**flats.values_of(meter, "4600"), "send": "1"})

    assert answer.status_code == 404
    assert not Submission.objects.exists()
