import copy
from typing import Any

import pytest
from django.conf import settings as real
from django.test import Client

from tests.web import pages


@pytest.fixture(autouse=True)
def _pages_without_a_database(settings) -> None:
    settings.ROOT_URLCONF = "tests.web.pages"
    settings.MIDDLEWARE = pages.MIDDLEWARE
    settings.KABINET_STYLEGUIDE = True
    templates: list[dict[str, Any]] = copy.deepcopy(real.TEMPLATES)
    templates[0]["OPTIONS"]["context_processors"] = pages.CONTEXT_PROCESSORS
    settings.TEMPLATES = templates


@pytest.fixture
def browser() -> Client:
    """Return a client that sees error pages instead of exceptions, and is asked for its form tokens."""
    return Client(raise_request_exception=False, enforce_csrf_checks=True)
