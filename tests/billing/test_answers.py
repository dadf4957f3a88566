"""Billing's side of acts: the feed, the upload, the answer."""

from pathlib import Path
from uuid import UUID

import pytest

from kabinet.billing.models import ReconciliationAct
from kabinet.billing.values import ActState
from kabinet.contracts.models import Paper
from kabinet.exchange.models import Message
from kabinet.infra import ids, relay, storage
from kabinet.infra.models import Event
from tests import world
from tests.billing.acts import PDF, ask, prepare, row, sha256, upload

pytestmark = pytest.mark.spec("DOC-03", "BILL-01")
EXAMPLE = Path(__file__).resolve().parents[2] / "docs" / "exchange" / "reconciliation_act.ndjson"


def codes(answer):
    assert answer.status_code == 422, answer.content.decode()
    return [(problem["field"], problem["code"]) for problem in answer.json()["details"]["problems"]]


def answered():
    return Event.objects.filter(kind="billing.act_answered").count()


def test_request_goes_out_through_the_feed(asked, billing):
    relay.number_events()

    (item,) = billing.feed().json()["items"]

    assert (item["kind"], item["contract"]) == ("billing.act_requested", asked.contract.external_id)
    assert item["payload"]["request"] == str(asked.pk)
    assert billing.acknowledge(item["seq"]).json()["passed"] == 0


def test_prepared_act_has_number_day_and_file(asked, billing):
    act = prepare(billing, asked)

    assert (act.state, act.number, str(act.made_on)) == (ActState.PREPARED, "77", "2026-10-08")
    with storage.open_(act.file.stored) as stream:
        assert stream.read() == PDF
    assert Message.objects.get(kind="reconciliation_act").contract_id == act.contract_id
    assert answered() == 1


def test_refused_act_has_its_reason(asked, billing):
    assert billing.send(row(asked)).status_code == 200

    asked.refresh_from_db()
    assert (asked.state, asked.reason, asked.file) == (ActState.REFUSED, "Расчётов не было.", None)


def test_same_answer_again_changes_nothing(asked, billing):
    prepare(billing, asked)
    ReconciliationAct.objects.update(state=ActState.RECEIVED)

    again = billing.send(row(asked, file=str(asked.file_id)))

    assert again.json()["entities"]["reconciliation_act"]["unchanged"] == 1
    asked.refresh_from_db()
    assert (asked.state, answered()) == (ActState.RECEIVED, 1)


def test_other_content_under_the_same_version_is_refused(asked, billing):
    prepare(billing, asked)

    assert codes(billing.send(row(asked, file=str(asked.file_id), number="78"))) == [("version", "version_conflict")]


def test_corrected_act_is_there_to_be_received_anew(asked, billing):
    prepare(billing, asked)
    ReconciliationAct.objects.update(state=ActState.RECEIVED)

    act = prepare(billing, asked, PDF + b"\n", version=2, number="77/1")

    assert (act.state, act.number, act.file.sha256) == (ActState.PREPARED, "77/1", sha256(PDF + b"\n"))
    assert answered() == 2


def test_late_old_answer_is_stale(asked, billing):
    prepare(billing, asked, version=2)

    answer = billing.send(row(asked, version=1))

    assert answer.json()["entities"]["reconciliation_act"]["stale"] == 1
    asked.refresh_from_db()
    assert asked.state == ActState.PREPARED


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"request": str(UUID(int=7))}, ("request", "unknown_request")),
        ({"contract": "nobody"}, ("contract", "unknown_reference")),
        ({"file": str(UUID(int=7))}, ("file", "unknown_file")),
        ({"reason": ""}, ("reason", "reason_required")),
        ({"verdict": "prepared"}, ("verdict", "act_incomplete")),
        ({"verdict": "ready"}, ("verdict", "unknown_code")),
    ],
)
def test_wrong_answer_is_refused_by_its_field(asked, billing, changed, problem):
    assert codes(billing.send(row(asked, **changed))) == [problem]
    asked.refresh_from_db()
    assert asked.state == ActState.REQUESTED


def test_two_answers_to_one_request_in_a_batch_are_refused(asked, billing):
    again = row(asked, external_id="another")

    assert codes(billing.send(row(asked), again)) == [("request", "duplicate_row")]


def test_answer_for_another_contract_is_refused(asked, billing):
    other = world.contract(asked.contract.provider)

    assert codes(billing.send(row(asked, contract=other.external_id))) == [("request", "unknown_request")]


def test_billing_of_another_provider_answers_nothing(asked, billing, billing_v, v):
    mine = upload(billing).json()["file"]
    theirs = world.contract(v, external_id=asked.contract.external_id)

    assert codes(billing_v.send(row(asked, file=mine))) == [("request", "unknown_request")]
    own = ask(theirs, world.link(world.person(v, "vera@example.com"), theirs).user)
    assert codes(billing_v.send(row(own, file=mine))) == [("file", "unknown_file")]


def test_same_bytes_are_the_same_file(billing):
    first, again = upload(billing).json(), upload(billing).json()

    assert first == again == {"file": first["file"], "sha256": sha256(PDF), "size": len(PDF)}
    assert Paper.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "media", "status", "code"),
    [
        (b"<html>", "application/pdf", 415, "pdf_only"),
        (b"", "application/pdf", 415, "pdf_only"),
        (PDF, "text/plain", 415, "pdf_only"),
        (PDF + b" " * (5 * 1024 * 1024), "application/pdf", 413, "too_large"),
    ],
)
def test_what_is_no_act_is_not_kept(billing, body, media, status, code):
    answer = upload(billing, body, media=media)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not Paper.objects.exists()


def test_upload_needs_a_key(visitor, w):
    answer = visitor.generic("POST", "/w/exchange/v1/files/", PDF, content_type="application/pdf")

    assert answer.status_code == 401


def test_example_of_the_document_is_taken(contract, anna, billing):
    contract.external_id = "dog-1701"
    contract.save(update_fields=["external_id"])
    world.link(anna, contract)
    for name, until in (("4", 1), ("6", 2)):
        act = ask(contract, anna, until=world.TODAY.replace(day=until))
        ReconciliationAct.objects.filter(pk=act.pk).update(id=UUID(f"01928e9c-6d00-7000-8000-00000000000{name}"))
    file = upload(billing).json()["file"]
    Paper.objects.filter(pk=file).update(id=UUID("01928e9c-6d00-7000-8000-000000000005"))

    answer = billing.send_file(EXAMPLE.read_bytes(), key=str(ids.new()))

    assert answer.status_code == 200, answer.content.decode()
    assert answer.json()["entities"]["reconciliation_act"]["updated"] == 2
