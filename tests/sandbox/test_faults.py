"""Billing that fails on purpose, and portals that do: what the sandbox says and keeps."""

import json

import pytest

from kabinet.kernel.periods import Month
from kabinet.providers.values import DeadlineDay
from sandbox.billing.desk import Desk
from sandbox.billing.truth import Owner, begin_books, has_books
from sandbox.billing.values import Fault, State
from sandbox.database import Database
from tests.sandbox.books import states, switch, told
from tests.sandbox.conftest import open_desk, truth
from tests.sandbox.portal import Played
from tests.sandbox.sent import OTHER, TODAY, sent

MONTH = Month.of(TODAY)


def test_unavailable_billing_is_silent(desk: Desk, books: Database, portal: Played) -> None:
    portal.items.append(sent(1, 240))
    switch(books, fault=Fault.UNAVAILABLE)

    desk.tick()

    assert (portal.tokens, portal.batches) == ([], [])


def test_refuse_all(desk: Desk, books: Database, portal: Played) -> None:
    portal.items.append(sent(1, 240))
    switch(books, fault=Fault.REFUSE_ALL)

    desk.tick()

    assert [row["reason_code"] for row in portal.rows_of("submission_answer")] == ["fault"]


def test_answer_twice_is_the_same_under_two_keys(desk: Desk, books: Database, portal: Played) -> None:
    portal.items.append(sent(1, 240))
    switch(books, fault=Fault.ANSWER_TWICE)

    desk.tick()

    (first_key, first), (second_key, second) = portal.batches
    assert first == second
    assert first_key != second_key


@pytest.mark.parametrize("fault", [Fault.WRONG_CONTRACT, Fault.GARBAGE, Fault.SCHEMA_CHANGED])
def test_bad_answer_is_refused_shown_and_then_mended(desk: Desk, books: Database, portal: Played, fault: Fault) -> None:
    portal.items.append(sent(1, 240))
    portal.script = [422]
    switch(books, fault=fault)
    desk.tick()
    desk.tick()
    bad = portal.batches[:]
    switch(books)
    desk.tick()

    assert len(bad) == 1
    if fault is Fault.WRONG_CONTRACT:
        assert json.loads(bad[0][1])["contract"] == OTHER
    if fault is Fault.SCHEMA_CHANGED:
        assert "verdict" not in json.loads(bad[0][1])
    assert [line["status"] for line in told(books, "answers")] == [200, 422]
    assert states(books) == {1: State.TAKEN}
    assert len(portal.rows_of("submission_answer")) == 1


def test_portal_that_is_down_is_noted_once(books: Database) -> None:
    gone = Played(port=9)

    for desk in open_desk(books, gone):
        desk.tick()
        desk.tick()

    assert len(told(books, "connection")) == 1


def test_unknown_item_is_put_aside_and_others_pass(desk: Desk, books: Database, portal: Played) -> None:
    portal.items += [{"seq": 1, "kind": "something.new"}, sent(2, 240)]

    desk.tick()

    assert portal.acknowledged == 2
    assert states(books) == {2: State.TAKEN}
    assert len(told(books, "unknown")) == 1


def test_long_feed_is_read_to_its_end(desk: Desk, books: Database, portal: Played) -> None:
    portal.items += [sent(seq, 240, register=f"unknown {seq}") for seq in range(1, 502)]

    desk.tick()

    assert portal.acknowledged == 501
    assert len(states(books)) == 500


def test_books_of_another_portal_are_begun_anew(desk: Desk, books: Database, portal: Played) -> None:
    portal.items.append(sent(1, 240))
    desk.tick()
    owner = Owner("w", "second", "Водоканал", "billing", "Europe/Samara", DeadlineDay())

    begin_books(books, owner, truth())

    assert has_books(books, "w", generation="second")
    assert not has_books(books, "w", generation="first")
    assert states(books) == {}
