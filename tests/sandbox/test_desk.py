"""Billing at work against a portal on a socket: nothing lost, nothing doubled, whatever fails."""

import pytest

from kabinet.exchange.values.entities import ROWS
from kabinet.kernel.periods import Month
from sandbox.billing import decisions, submissions
from sandbox.billing.decisions import NotWaiting
from sandbox.billing.desk import Desk
from sandbox.billing.values import Fault, Reason, Refusal, State, Unknown
from sandbox.database import Database
from tests.sandbox.books import states, switch, try_at_once
from tests.sandbox.conftest import open_desk
from tests.sandbox.portal import Played
from tests.sandbox.sent import POINT, REGISTER, TODAY, number_of, sent, volume_sent

MONTH = Month.of(TODAY)


@pytest.mark.spec("BILL-02")
def test_plausible_reading_is_taken_and_told(desk: Desk, portal: Played) -> None:
    item = sent(7, 240)
    portal.items.append(item)

    desk.tick()

    (answer,), (reading,) = portal.rows_of("submission_answer"), portal.rows_of("reading")
    assert answer["submission"] == number_of(item)
    assert (answer["verdict"], answer["billed_in"]) == ("taken", "2026-10")
    assert (reading["value"], reading["origin"], reading["submission"]) == ("240", "customer", number_of(item))
    assert portal.acknowledged == 7
    assert set(portal.tokens) == {"Bearer key of w"}


def test_every_row_is_one_that_the_exchange_describes(desk: Desk, portal: Played) -> None:
    portal.items += [sent(1, 240), sent(2, 9)]

    desk.tick()

    assert len(portal.rows) == 3
    assert all(ROWS.validate_python(row) for row in portal.rows)


@pytest.mark.spec("READ-04", "BILL-02")
def test_volume_is_taken_or_refused(desk: Desk, portal: Played) -> None:
    good, odd = volume_sent(1, "12.345"), volume_sent(2, "1", supply_point="unknown")
    portal.items += [good, odd]

    desk.tick()

    answers = {row["submission"]: (row["verdict"], row["reason_code"]) for row in portal.rows_of("volume_answer")}
    assert answers == {number_of(good): ("taken", ""), number_of(odd): ("refused", "unknown_point")}
    (volume,) = portal.rows_of("sewage_volume")
    assert (volume["supply_point"], volume["value"], volume["month"]) == (POINT, "12.345", "2026-10")


def test_implausible_reading_is_refused_with_reason(desk: Desk, books: Database, portal: Played) -> None:
    portal.items.append(sent(1, 9))

    desk.tick()

    (answer,) = portal.rows_of("submission_answer")
    assert (answer["verdict"], answer["reason_code"]) == ("refused", "below_previous")
    assert answer["reason"] == "Показание меньше предыдущего принятого."
    assert portal.rows_of("reading") == []
    assert states(books) == {1: State.REFUSED}


@pytest.mark.parametrize("fall", ["drop", "take and drop", 500, 503, 429, 401])
def test_unanswered_batch_is_sent_again_under_its_key(
    desk: Desk, books: Database, portal: Played, fall: int | str
) -> None:
    portal.items.append(sent(1, 240))
    portal.script = [fall]

    desk.tick()
    try_at_once(books)
    desk.tick()
    desk.tick()

    assert len(portal.batches) == 2
    assert portal.batches[0] == portal.batches[1]
    assert len(portal.taken) == 1


def test_killed_billing_answers_once_after_its_start(desk: Desk, books: Database, portal: Played) -> None:
    portal.items.append(sent(1, 240))
    portal.script = ["take and drop"]
    desk.tick()
    try_at_once(books)

    for reborn in open_desk(Database(books.path, schema=""), portal):
        reborn.tick()

    assert len({key for key, _ in portal.batches}) == 1
    assert len(portal.rows_of("submission_answer")) == 1


def test_item_kept_but_not_acknowledged_is_decided_once(desk: Desk, books: Database, portal: Played) -> None:
    portal.items.append(sent(1, 240))
    switch(books, fault=Fault.NO_ACKNOWLEDGEMENT)

    desk.tick()
    desk.tick()
    before = portal.acknowledged
    switch(books)
    desk.tick()

    assert (before, portal.acknowledged) == (0, 1)
    assert len(portal.rows_of("submission_answer")) == 1


def test_correction_is_a_new_version_of_the_reading(desk: Desk, books: Database, portal: Played) -> None:
    first = sent(1, 240)
    portal.items.append(first)
    desk.tick()
    portal.items.append(sent(2, 238, corrects=number_of(first)))
    desk.tick()

    versions = [(row["external_id"], row["version"], row["value"]) for row in portal.rows_of("reading")]
    assert versions == [(f"{REGISTER}/2026-10/customer", 1, "240"), (f"{REGISTER}/2026-10/customer", 2, "238")]
    assert states(books) == {1: State.SUPERSEDED, 2: State.TAKEN}


def test_corrected_before_decided_is_not_answered(desk: Desk, books: Database, portal: Played) -> None:
    first = sent(1, 9)
    portal.items += [first, sent(2, 240, corrects=number_of(first))]

    desk.tick()

    assert [row["verdict"] for row in portal.rows_of("submission_answer")] == ["taken"]
    assert states(books) == {1: State.SUPERSEDED, 2: State.TAKEN}


def test_refused_batch_is_split_so_that_others_go(desk: Desk, books: Database, portal: Played) -> None:
    bad, good = sent(1, 240), sent(2, 241)
    portal.items += [bad, good]
    portal.refuses = {number_of(bad)}

    desk.tick()
    try_at_once(books)
    desk.tick()

    assert [row["submission"] for row in portal.rows_of("submission_answer")] == [number_of(good)]
    with books.reading() as db:
        row = submissions.one(db, "w", number_of(bad))
    assert row is not None
    assert row["trouble"] == "портал не принял ответ (422)"


def test_refused_answer_may_be_sent_again(desk: Desk, books: Database, portal: Played) -> None:
    item = sent(1, 240)
    portal.items.append(item)
    portal.script = [422]
    desk.tick()

    with desk.deciding() as open_books:
        decisions.answer_again(open_books, number_of(item))
    desk.tick()

    assert len({key for key, _ in portal.batches}) == 2
    assert len(portal.rows_of("submission_answer")) == 1
    with books.reading() as db:
        row = submissions.one(db, "w", number_of(item))
    assert row is not None
    assert row["delivered_at"]
    assert row["trouble"] is None


def test_by_hand_nothing_is_decided_by_itself(desk: Desk, books: Database, portal: Played) -> None:
    good, odd = sent(1, 240), sent(2, 241)
    portal.items += [good, odd]
    switch(books, automatic=False)
    desk.tick()
    waiting = states(books)

    with desk.deciding() as open_books:
        decisions.take(open_books, number_of(good))
        decisions.take(open_books, number_of(good))
        decisions.refuse(open_books, number_of(odd), Refusal("photo_needed", "Пришлите фото."))
    desk.tick()

    assert waiting == {1: State.WAITING, 2: State.WAITING}
    answers = {row["submission"]: (row["verdict"], row["reason"]) for row in portal.rows_of("submission_answer")}
    assert answers == {number_of(good): ("taken", ""), number_of(odd): ("refused", "Пришлите фото.")}


def test_decided_is_not_decided_otherwise(desk: Desk, portal: Played) -> None:
    item = sent(1, 240)
    portal.items.append(item)
    desk.tick()

    with pytest.raises(NotWaiting), desk.deciding() as books:
        decisions.refuse(books, number_of(item), Refusal.of(Reason.REFUSED_BY_CLERK))
    with pytest.raises(Unknown), desk.deciding() as books:
        decisions.take(books, "no such")


@pytest.mark.spec("BILL-02")
def test_period_is_closed_once_and_the_next_opened(desk: Desk, portal: Played) -> None:
    is_closed, is_closed_again = desk.close_period(MONTH), desk.close_period(MONTH)
    desk.tick()

    assert (is_closed, is_closed_again) == (True, False)
    rows = [(row["month"], row["state"], row["version"]) for row in portal.rows_of("billing_period")]
    assert rows == [("2026-10", "closed", 2), ("2026-11", "open", 1)]


def test_closing_decides_what_waits(desk: Desk, books: Database, portal: Played) -> None:
    portal.items.append(sent(1, 240))
    with books.transaction() as db:
        db.execute("UPDATE provider SET delay_seconds = 3600")
    desk.tick()

    desk.close_period(MONTH)
    desk.tick()

    assert [row["entity"] for row in portal.rows] == [
        "reading",
        "submission_answer",
        "billing_period",
        "billing_period",
    ]
    assert portal.rows_of("submission_answer")[0]["billed_in"] == "2026-10"


def test_late_reading_goes_into_the_open_month(desk: Desk, portal: Played) -> None:
    desk.close_period(MONTH)
    portal.items.append(sent(1, 240))

    desk.tick()

    assert portal.rows_of("submission_answer")[0]["billed_in"] == "2026-11"
    assert portal.rows_of("reading")[0]["month"] == "2026-11"


def test_month_opens_in_time_for_its_first_window(books: Database, portal: Played) -> None:
    with books.transaction() as db:
        db.execute("DELETE FROM period WHERE month = '2026-10'")

    for desk in open_desk(books, portal):
        desk.tick()
        desk.tick()

    assert [row["month"] for row in portal.rows_of("billing_period")] == ["2026-10"]
