"""Volumes of hot water: out by the feed, answered and accepted by batches, as readings are."""

from decimal import Decimal

import pytest

from kabinet.contracts.models import SupplyPoint
from kabinet.exchange.models import Message
from kabinet.infra import relay
from kabinet.infra.models import Event
from kabinet.readings.models import AcceptedVolume, SewageVolume
from tests import world
from tests.exchange import rows
from tests.readings.test_volumes import send

pytestmark = pytest.mark.spec("BILL-02", "READ-04")


@pytest.fixture
def volume(w, anna):
    contract = world.contract(w, has_hot_water=True, external_id="dog-1")
    point = world.meter(contract).point
    world.link(anna, contract)
    send(contract, anna, (point, "7,125"))
    return SewageVolume.objects.get()


def answer(volume, verdict="taken", **changed):
    name = changed.pop("contract", volume.contract.external_id)
    row = rows.answer(volume.id, name, verdict, **changed)
    return row | {"entity": "volume_answer"}


def accepted(volume, **changed):
    facts = {
        "entity": "sewage_volume", "source": "billing", "external_id": "ob-1", "version": 1,
        "supply_point": volume.point.external_id, "month": "2026-10", "taken_on": "2026-10-08", "value": "7,125",
        "origin": "customer", "submission": str(volume.id),
    }  # fmt: skip
    return facts | changed


def codes(response):
    assert response.status_code == 422, response.content.decode()
    return [(problem["field"], problem["code"]) for problem in response.json()["details"]["problems"]]


def answers_told():
    return list(Event.objects.filter(kind="readings.volume_answered").values_list("payload__verdict", flat=True))


def test_volume_goes_out_and_is_passed_when_acknowledged(volume, billing):
    relay.number_events()

    (item,) = billing.feed().json()["items"]
    passed = billing.acknowledge(item["seq"]).json()["passed"]

    volume.refresh_from_db()
    assert (item["kind"], item["payload"]["supply_point"]) == ("readings.volume_sent", volume.point.external_id)
    assert (item["payload"]["value"], passed, volume.state) == ("7.125", 1, "passed")


def test_taken_volume_is_there_as_accepted(volume, billing):
    response = billing.send(accepted(volume), answer(volume, billed_in="2026-10"))

    assert response.status_code == 200, response.content.decode()
    volume.refresh_from_db()
    kept = AcceptedVolume.objects.get()
    assert (volume.state, str(volume.billed_in)) == ("taken", "2026-10-01")
    assert (kept.value, kept.submission_id, kept.contract_id) == (Decimal("7.125"), volume.id, volume.contract_id)
    assert answers_told() == ["taken"]
    assert Message.objects.filter(kind="volume_answer", contract_id=volume.contract_id).count() == 1


def test_refused_volume_has_its_reason(volume, billing):
    billing.send(answer(volume, "refused", reason="Прибор не опломбирован."))

    volume.refresh_from_db()
    assert (volume.state, volume.reason, answers_told()) == ("refused", "Прибор не опломбирован.", ["refused"])


def test_same_answer_again_changes_nothing(volume, billing):
    billing.send(answer(volume))
    again = billing.send(answer(volume))

    assert again.json()["entities"]["volume_answer"]["unchanged"] == 1
    assert answers_told() == ["taken"]


def test_another_answer_is_refused(volume, billing):
    billing.send(answer(volume))

    assert codes(billing.send(answer(volume, "refused", reason="нет"))) == [("verdict", "already_answered")]


def test_answer_for_another_contract_is_refused(volume, billing, w):
    other = world.contract(w)

    assert codes(billing.send(answer(volume, contract=other.external_id))) == [("submission", "unknown_submission")]


def test_answer_to_a_reading_is_none_to_a_volume(volume, billing):
    reading = rows.answer(volume.id, volume.contract.external_id)

    assert codes(billing.send(reading)) == [("submission", "unknown_submission")]


def test_answer_to_a_superseded_volume_is_only_noted(volume, billing, anna):
    send(volume.contract, anna, (volume.point, "8"))

    billing.send(answer(volume))

    volume.refresh_from_db()
    assert (volume.state, volume.reason_code) == ("superseded", "taken")
    assert SewageVolume.objects.get(corrects=volume.id).state == "sent"


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"supply_point": "nowhere"}, ("supply_point", "unknown_reference")),
        ({"submission": "01928e9c-6d00-7000-8000-000000000009"}, ("submission", "unknown_submission")),
        ({"value": "-1"}, ("value", "out_of_range")),
        ({"month": "2026-13"}, ("month", "wrong_month")),
    ],
)
def test_wrong_volume_is_refused_by_its_field(volume, billing, changed, problem):
    assert codes(billing.send(accepted(volume, **changed))) == [problem]
    assert not AcceptedVolume.objects.exists()


def test_volume_of_another_providers_point_is_not_found(volume, billing_v):
    assert codes(billing_v.send(accepted(volume, submission=None))) == [("supply_point", "unknown_reference")]


def test_newer_version_corrects_and_older_is_stale(volume, billing):
    billing.send(accepted(volume, version=2))
    billing.send(accepted(volume, version=3, value="9"))
    stale = billing.send(accepted(volume, version=1, value="1"))

    assert AcceptedVolume.objects.get().value == 9
    assert stale.json()["entities"]["sewage_volume"]["stale"] == 1


def test_volume_may_come_with_its_point_in_one_batch(w, billing):
    volume = {
        "entity": "sewage_volume", "external_id": "ob-2", "version": 1, "supply_point": "to-1", "month": "2026-09",
        "taken_on": "2026-09-08", "value": "5", "origin": "estimate",
    }  # fmt: skip

    response = billing.send(volume, *rows.whole_contract())

    assert response.status_code == 200, response.content.decode()
    assert AcceptedVolume.objects.get().point == SupplyPoint.objects.get(external_id="to-1")
