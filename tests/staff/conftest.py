"""Olga is the administrator of W's office, Vera that of V's."""

import pytest
from django.test import Client

from kabinet.accounts.models import Specialist
from kabinet.accounts.values import StaffRole
from kabinet.providers.models import Provider
from tests.staff import office


@pytest.fixture
def olga(w: Provider) -> Specialist:
    return office.specialist(w, "olga@example.com")


@pytest.fixture
def vera(v: Provider) -> Specialist:
    return office.specialist(v, "vera@example.com")


@pytest.fixture
def support(w: Provider) -> Specialist:
    return office.specialist(w, "support@example.com", StaffRole.SUPPORT)


@pytest.fixture
def desk(olga: Specialist) -> Client:
    return office.browser_of(olga)


@pytest.fixture
def desk_of_v(vera: Specialist) -> Client:
    return office.browser_of(vera)
