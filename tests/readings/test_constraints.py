"""What the database forbids about readings: a key used twice, a month that is none, less than nothing."""

from datetime import date
from decimal import Decimal

import pytest

from kabinet.infra import ids
from kabinet.readings.models import AcceptedVolume, Draft, Reading, SewageVolume, Submission, VolumeDraft
from tests import world
from tests.refusals import again, refused

pytestmark = pytest.mark.django_db

OCTOBER = date(2026, 10, 1)
NOVEMBER = date(2026, 11, 1)
NO_MONTH = date(2026, 11, 2)


@pytest.fixture
def rows(contract):
    register, point = contract.registers.get(), contract.points.get()
    sent = {
        "provider_id": contract.provider_id, "contract": contract, "month": OCTOBER, "raw": "240",
        "value": Decimal(240), "taken_on": world.TODAY,
        "sent_at": world.NOW, "state_at": world.NOW, "actor_kind": "customer",
        "channel": "web", "key": "page-1",
    }  # fmt: skip
    typed = {"contract": contract, "month": OCTOBER, "raw": "240", "saved_at": world.NOW}
    counted = {
        "provider_id": contract.provider_id, "contract": contract, "point": point, "source_system": "billing",
        "external_id": "v-1", "version": 1, "month": OCTOBER, "taken_on": world.TODAY, "value": Decimal(9),
        "source": "customer",
    }  # fmt: skip
    return {
        "draft": Draft.objects.create(register=register, **typed),
        "submission": Submission.objects.create(register=register, **sent),
        "reading": Reading.objects.get(contract=contract),
        "volume draft": VolumeDraft.objects.create(point=point, **typed),
        "volume": SewageVolume.objects.create(point=point, **sent),
        "accepted volume": AcceptedVolume.objects.create(**counted),
    }


@pytest.mark.parametrize(
    ("constraint", "row", "changed"),
    [
        ("one_draft_a_register", "draft", {"raw": "241"}),
        ("submission_key_once", "submission", {"month": NOVEMBER}),
        ("submission_month_is_a_month", "submission", {"month": NO_MONTH, "key": "page-2"}),
        ("submission_is_not_negative", "submission", {"month": NOVEMBER, "key": "page-2", "value": Decimal("-0.001")}),
        ("one_effective_submission", "submission", {"key": "page-2"}),
        ("reading_external_id_once", "reading", {"version": 2}),
        ("reading_month_is_a_month", "reading", {"external_id": "other", "month": NO_MONTH}),
        ("one_volume_draft_a_point", "volume draft", {"raw": "241"}),
        ("volume_key_once", "volume", {"month": NOVEMBER}),
        ("volume_month_is_a_month", "volume", {"month": NO_MONTH, "key": "page-2"}),
        ("volume_is_not_negative", "volume", {"month": NOVEMBER, "key": "page-2", "value": Decimal("-0.001")}),
        ("one_effective_volume", "volume", {"key": "page-2"}),
        ("submission_of_its_register", "submission", {"month": NOVEMBER, "key": "page-2", "provider_id": ids.new()}),
        ("volume_of_supply_point", "volume", {"month": NOVEMBER, "key": "page-2", "provider_id": ids.new()}),
        ("accepted_volume_external_id_once", "accepted volume", {"version": 2}),
        ("accepted_volume_month_is_a_month", "accepted volume", {"external_id": "other", "month": NO_MONTH}),
    ],
)
def test_database_refuses(rows, constraint, row, changed):
    refused(constraint, lambda: again(rows[row], **changed))


@pytest.mark.parametrize("state", ["refused", "superseded"])
def test_what_no_longer_counts_makes_room_for_the_next(rows, state):
    Submission.objects.filter(pk=rows["submission"].pk).update(state=state)
    again(rows["submission"], id=ids.new(), key="page-2")

    assert Submission.objects.filter(month=OCTOBER).count() == 2
