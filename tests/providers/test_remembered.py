"""A provider is looked for by one request at a time; those beside it go on with what is known."""

import pytest

from kabinet.providers import middleware, selectors
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def known(monkeypatch):
    """Remember a provider whose time is over."""
    found = world.opened(world.provider("w"))
    monkeypatch.setattr(middleware, "_remembered", {"slug w": (0.0, found)})
    return found


def never():
    raise AssertionError


def test_who_comes_while_another_looks_gets_what_is_known(known):
    beside = []

    def look():
        beside.append(middleware.remembered("slug w", never))
        return selectors.provider_by_slug("w", at=world.NOW)

    found = middleware.remembered("slug w", look)

    assert beside == [known]
    assert found is not known
    assert middleware.remembered("slug w", never) is found


def test_provider_that_is_closed_is_looked_for_by_the_next_one_too(known):
    assert middleware.remembered("slug w", lambda: None) is None
    assert middleware.remembered("slug w", lambda: None) is None
