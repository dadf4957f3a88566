"""A register that comes after another of its meter: most meters never have one."""

import pytest

from kabinet.contracts.models import Meter, Register
from tests.exchange import rows

pytestmark = pytest.mark.django_db


def following():
    return {
        **dict(Meter.objects.values_list("external_id", "registers_follow")),
        **dict(Register.objects.values_list("external_id", "registers_follow")),
    }


def test_meter_with_one_register_a_zone_has_none_that_follow(billing):
    billing.send(*rows.whole_contract(), rows.register("sh-2", zone="day"), rows.register("sh-3", zone="night"))

    assert following() == {"pu-1": False, "sh-1": False, "sh-2": False, "sh-3": False}


@pytest.mark.spec("BILL-01")
def test_register_may_follow_in_a_later_batch(billing):
    billing.send(*rows.whole_contract())

    answer = billing.send(
        rows.register(version=2, valid_to="2026-05-01"), rows.register("sh-2", valid_from="2026-05-01")
    )

    assert answer.status_code == 200
    assert following() == {"pu-1": True, "sh-1": True, "sh-2": True}


def test_register_may_follow_in_the_same_batch(billing):
    first, second = rows.register(valid_to="2026-05-01"), rows.register("sh-2", valid_from="2026-05-01")

    answer = billing.send(rows.contract(), rows.point(), rows.meter(), second, first)

    assert answer.status_code == 200
    assert following() == {"pu-1": True, "sh-1": True, "sh-2": True}


def test_third_register_needs_no_second_mark(billing):
    billing.send(*rows.whole_contract())
    billing.send(rows.register(version=2, valid_to="2026-05-01"), rows.register("sh-2", valid_from="2026-05-01"))

    answer = billing.send(
        rows.register("sh-2", version=2, valid_from="2026-05-01", valid_to="2026-09-01"),
        rows.register("sh-3", valid_from="2026-09-01"),
    )

    assert (
        answer.json()["entities"]["register"] | {"rows": 2, "inserted": 1, "updated": 1}
        == (answer.json()["entities"]["register"])
    )
    assert set(following().values()) == {True}


def test_register_that_changes_its_zone_makes_room_for_another(billing):
    billing.send(*rows.whole_contract())

    answer = billing.send(rows.register(version=2, zone="day"), rows.register("sh-2"))

    assert answer.status_code == 200
    assert dict(Register.objects.values_list("external_id", "zone")) == {"sh-1": "day", "sh-2": "single"}


def test_refused_register_marks_nothing(billing):
    billing.send(*rows.whole_contract())

    answer = billing.send(rows.register("sh-2", valid_from="2026-05-01"))

    assert answer.status_code == 422
    assert following() == {"pu-1": False, "sh-1": False}
