"""The feed: ordered, given again until acknowledged, each submission passed once (I7)."""

import pytest

from kabinet.exchange.models import Message, Partner
from kabinet.exchange.values.wire import Feed
from kabinet.infra import events, relay
from kabinet.infra.db import use_case
from kabinet.infra.models import AuditRow
from tests import world
from tests.exchange.test_answers import sent, state_of

pytestmark = [pytest.mark.django_db, pytest.mark.spec("BILL-01", "BILL-02")]


@pytest.fixture
def submissions(register):
    """Three readings of one register in the order in which they were sent; each corrects the one before."""
    stored = [sent(register, state=state, value=value) for state, value in
              (("superseded", "238"), ("superseded", "239"), ("sent", "240"))]  # fmt: skip
    for submission in stored:
        tell(submission)
    relay.number_events()
    return stored


@use_case
def tell(submission):
    register = submission.register
    payload = {
        "submission": str(submission.id), "contract": register.contract.external_id,
        "meter": register.meter.external_id, "register": register.external_id, "month": "2026-10",
        "value": str(submission.value), "previous": "231", "rolls_over": False, "taken_on": "2026-10-08",
        "sent_at": world.NOW.isoformat(), "corrects": None, "confirmed": [],
    }  # fmt: skip
    events.emit(
        "readings.sent",
        provider_id=submission.provider_id,
        contract_id=register.contract_id,
        payload=payload,
        at=world.NOW,
    )


def seqs(response):
    assert response.status_code == 200, response.content.decode()
    return [item["seq"] for item in response.json()["items"]]


def test_items_have_the_shape_that_is_promised(billing, submissions):
    feed = Feed.model_validate_json(billing.feed().content)

    assert [item.payload.submission for item in feed.items] == [submission.id for submission in submissions]
    assert feed.last == feed.items[-1].seq


def test_unacknowledged_items_come_again_under_the_same_id(billing, submissions):
    first, second = billing.feed().json(), billing.feed().json()

    assert first == second
    assert len(first["items"]) == 3


def test_pages_follow_each_other(billing, submissions):
    first = billing.feed(limit=2).json()

    rest = billing.feed(after=first["last"], limit=2).json()

    assert [len(first["items"]), len(rest["items"])] == [2, 1]
    assert billing.feed(after=rest["last"]).json() == {"items": [], "last": rest["last"]}


def test_reading_the_feed_passes_nothing_on(billing, submissions):
    billing.feed()

    assert state_of(submissions[2])[0] == "sent"


def test_acknowledgement_passes_on_what_it_covers(billing, submissions):
    last = billing.feed().json()["last"]

    response = billing.acknowledge(last)

    assert response.json() == {"acknowledged": last, "passed": 1}
    assert [state_of(submission)[0] for submission in submissions] == ["superseded", "superseded", "passed"]
    assert seqs(billing.feed()) == []


def test_acknowledgement_in_part_leaves_the_rest(billing, submissions):
    first = seqs(billing.feed())[0]

    billing.acknowledge(first)

    assert len(seqs(billing.feed())) == 2
    assert state_of(submissions[2])[0] == "sent"


def test_cursor_never_goes_back(billing, submissions):
    numbers = seqs(billing.feed())
    billing.acknowledge(numbers[2])

    response = billing.acknowledge(numbers[0])

    assert response.json() == {"acknowledged": numbers[2], "passed": 0}
    assert seqs(billing.feed()) == []


def test_acknowledged_items_can_be_read_again(billing, submissions):
    billing.acknowledge(billing.feed().json()["last"])

    assert len(seqs(billing.feed(after=0))) == 3


def test_what_was_not_given_cannot_be_acknowledged(billing, submissions):
    given = billing.feed(limit=1).json()["last"]

    response = billing.acknowledge(given + 1)

    assert (response.status_code, response.json()["code"], response.json()["details"]) == (
        409,
        "not_given",
        {"given": given},
    )
    assert Partner.objects.get().acknowledged_seq == 0


def test_nothing_can_be_skipped(billing, submissions):
    response = billing.feed(after=10_000)

    assert (response.status_code, response.json()["code"]) == (409, "not_given")


def test_answered_before_acknowledged_stays_answered(billing, register):
    submission = sent(register, state="taken")
    tell(submission)
    relay.number_events()

    billing.acknowledge(billing.feed().json()["last"])

    assert state_of(submission)[0] == "taken"


def test_unnumbered_events_wait(billing, register):
    tell(sent(register))

    assert seqs(billing.feed()) == []


def test_other_provider_is_given_nothing(billing, billing_v, submissions):
    assert seqs(billing_v.feed()) == []


def test_other_source_of_the_provider_is_given_nothing(billing, w, submissions):
    Partner.objects.filter(provider=w).update(source="crm")

    assert seqs(billing.feed()) == []


def test_journal_keeps_each_item_once_with_its_acknowledgement(billing, submissions):
    billing.feed()
    billing.acknowledge(billing.feed().json()["last"])

    out = Message.objects.filter(direction="out")
    assert [message.body["submission"] for message in out.order_by("pk")] == [str(s.id) for s in submissions]
    assert all("acknowledged_at" in message.answer for message in out)
    assert AuditRow.objects.get().act == "exchange.feed_acknowledged"


@pytest.mark.parametrize("query", [{"after": "-1"}, {"after": "x"}, {"limit": "1.5"}, {"limit": "²"}])
def test_wrong_numbers_are_named(billing, query):
    response = billing.feed(**query)

    assert (response.status_code, response.json()["details"]) == (400, {"field": next(iter(query))})


@pytest.mark.parametrize("upto", ["7", -1, 1.5, None, 2**63, True])
def test_wrong_acknowledgements_are_refused(billing, upto):
    assert billing.acknowledge(upto).status_code == 400


@pytest.mark.parametrize("body", [b"", b"[", b"[]", b"\xff", b"[" * 9_000, b"7"])
def test_rubbish_acknowledgements_are_refused(billing, body):
    response = billing.client.post(f"{billing.base}feed/acknowledgements/", body, content_type="application/json")

    assert response.status_code == 400
