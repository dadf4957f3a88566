"""What the database forbids about contracts: a name of billing's twice, an end before the start, two of one role."""

from datetime import timedelta

import pytest

from kabinet.contracts.models import Membership, SignUpRequest
from kabinet.contracts.values import Role
from tests import world
from tests.refusals import again, refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows(anna, contract):
    register = contract.registers.get()
    return {
        "contract": contract,
        "house": world.house(contract.provider),
        "supply_point": contract.points.get(),
        "meter": register.meter,
        "register": register,
        "sign_up": SignUpRequest.objects.create(
            provider=contract.provider,
            contract=contract,
            mode="legal",
            login="хвс1",
            email="coming@example.com",
            language="ru",
            accepted=[],
            address="203.0.113.7",
            agent="Firefox",
            asked_at=world.NOW,
            expires_at=world.NOW + timedelta(hours=24),
            secret_hash="1" * 64,
        ),
        "link": world.link(anna, contract, role=Role.ADMINISTRATOR),
    }


@pytest.mark.parametrize(
    ("constraint", "row", "changed"),
    [
        ("house_external_id_once", "house", {"version": 2}),
        ("house_ends_after_start", "house", {"external_id": "other", "valid_to": world.LONG_AGO}),
        ("house_areas_are_sane", "house", {"external_id": "other", "total_area": 0}),
        ("house_areas_are_sane", "house", {"external_id": "other", "common_area": -1}),
        ("household_has_room", "contract", {"external_id": "other", "area": 0}),
        ("household_has_room", "contract", {"external_id": "other", "rooms": 0}),
        ("contract_external_id_once", "contract", {"version": 2}),
        ("supply_point_external_id_once", "supply_point", {"version": 2}),
        ("meter_external_id_once", "meter", {"version": 2}),
        ("register_external_id_once", "register", {"version": 2}),
        ("contract_ends_after_start", "contract", {"external_id": "other", "valid_to": world.LONG_AGO}),
        ("supply_point_ends_after_start", "supply_point", {"external_id": "other", "valid_to": world.LONG_AGO}),
        ("meter_ends_after_start", "meter", {"external_id": "other", "valid_to": world.LONG_AGO}),
        ("register_ends_after_start", "register", {"external_id": "other", "valid_to": world.LONG_AGO}),
        ("deadline_day_in_month", "contract", {"external_id": "other", "deadline_day": 0}),
        ("deadline_day_in_month", "contract", {"external_id": "other", "deadline_day": 32}),
        ("register_digits_are_sane", "register", {"external_id": "other", "zone": "day", "integer_digits": 0}),
        ("register_digits_are_sane", "register", {"external_id": "other", "zone": "day", "integer_digits": 13}),
        ("register_digits_are_sane", "register", {"external_id": "other", "zone": "day", "fraction_digits": 5}),
        ("one_sign_up_a_mailbox", "sign_up", {"secret_hash": "2" * 64}),
        ("sign_up_secret_once", "sign_up", {"email": "other@example.com"}),
        (
            "sign_up_ends_after_start",
            "sign_up",
            {"email": "other@example.com", "secret_hash": "", "expires_at": world.NOW},
        ),
        ("one_role_a_contract", "link", {"role": Role.MANAGER}),
    ],
)
def test_database_refuses(rows, constraint, row, changed):
    refused(constraint, lambda: again(rows[row], **changed))


@pytest.mark.spec("ROLE-01")
def test_second_administrator_is_refused_until_the_first_has_gone(rows, boris):
    refused("one_administrator_a_contract", lambda: again(rows["link"], user_id=boris.pk))

    Membership.objects.filter(pk=rows["link"].pk).update(ended_at=world.NOW)
    again(rows["link"], user_id=boris.pk)

    assert Membership.objects.get(ended_at=None).user_id == boris.pk


def test_any_number_holds_the_other_roles(rows, boris, clara):
    for colleague in (boris, clara):
        again(rows["link"], user_id=colleague.pk, role=Role.MANAGER)

    assert Membership.objects.filter(role=Role.MANAGER).count() == 2
