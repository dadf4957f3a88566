"""The relay: order, one effect each, and nobody waits for another contract (I31)."""

import time
from copy import deepcopy

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.base import DatabaseWrapper

from kabinet.infra import clock, events, relay
from kabinet.infra.db import NoTransaction, use_case
from kabinet.infra.events import HandlerExists, UnknownKind
from kabinet.infra.models import Event, HandlerCursor
from tests.infra.recorder import drain, numbers, register


@pytest.fixture
def emit_and_fail():
    """An act that told of itself, and was refused in the end."""

    @use_case
    def act(name):
        facts = {"provider_id": events.UUID(int=1), "contract_id": None, "payload": {"name": name}, "at": clock.now()}
        events.emit("readings.sent", **facts)
        raise LookupError

    return act


@pytest.mark.django_db
def test_numbers_have_no_gaps(emit, no_handlers):
    for _ in range(3):
        emit()
    relay.turn()
    emit()

    relay.turn()

    assert numbers() == [1, 2, 3, 4]


@pytest.mark.django_db
def test_number_is_given_once():
    """The database holds event_seq_once."""
    facts = {"provider_id": events.UUID(int=1), "kind": "k", "payload": {}, "at": clock.now(), "seq": 1}
    Event.objects.create(**facts)

    with pytest.raises(IntegrityError, match="event_seq_once"):
        Event.objects.create(**facts)


@pytest.mark.django_db
def test_event_meets_each_handler_of_its_kind_once(emit, no_handlers):
    first, second, other = register("first"), register("second"), register("third", "contracts.linked")
    emit("a")

    drain()
    drain()

    assert (first.seen, second.seen, other.seen) == (["a"], ["a"], [])


@pytest.mark.django_db
def test_events_come_in_the_order_of_their_numbers(emit, handler, monkeypatch):
    monkeypatch.setattr(relay, "BATCH", 2)
    for name in "abcde":
        emit(name)

    drain()

    assert handler.seen == list("abcde")


@pytest.mark.django_db
def test_failed_effect_leaves_nothing(emit, handler):
    handler.broken = {"a"}
    emit("a")

    drain()

    assert list(HandlerCursor.objects.values_list("handler", "seq")) == [("first.answer", 1)]


@pytest.mark.django_db
def test_one_handlers_fault_is_not_the_others(emit, no_handlers):
    first, second = register("first"), register("second")
    first.broken = {"a"}
    emit("a")

    drain()

    assert second.seen == ["a"]


@pytest.mark.django_db
def test_new_handler_begins_where_numbering_stood_when_it_came(emit, no_handlers):
    register("old")
    emit("before")
    drain()
    emit("while the relay was down")
    new = register("new")

    drain()

    assert new.seen == ["while the relay was down"]


@pytest.mark.django_db
def test_new_handler_may_ask_for_all_there_ever_was(emit, no_handlers):
    register("old")
    emit("before")
    drain()
    new = register("new", from_the_first=True)

    drain()

    assert new.seen == ["before"]


@pytest.mark.django_db
def test_cursors_pass_over_what_is_nothing_to_their_handler(emit, no_handlers):
    register("first", "contracts.linked")
    for _ in range(3):
        emit()

    drain()

    assert HandlerCursor.objects.get(handler="first.answer").seq == 3


@pytest.mark.django_db
def test_cursor_that_was_moved_by_another_relay_keeps_the_effect_single(emit, handler):
    emit("a")
    cursors = relay.find_cursors()
    relay.number_events()
    HandlerCursor.objects.update(seq=1)

    relay.deliver(cursors, until=lambda: False)

    assert handler.seen == []


@pytest.mark.django_db
def test_relay_told_to_stop_stops_between_two_events(emit, handler):
    for name in "abc":
        emit(name)

    relay.turn(until=lambda: len(handler.seen) == 2)

    assert handler.seen == ["a", "b"]


@pytest.mark.django_db(transaction=True)
def test_uncommitted_event_has_no_number(emit, no_handlers, at_once):
    with transaction.atomic():
        Event.objects.create(provider_id=events.UUID(int=1), kind="k", payload={}, at=clock.now())
        emit_beside = at_once(lambda _: (emit(), relay.turn()), 1)

    assert emit_beside == [(None, 1)]
    assert numbers() == [None, 1]
    relay.turn()
    assert numbers() == [2, 1]


@pytest.mark.django_db
def test_act_that_is_taken_back_is_told_to_nobody(emit_and_fail, handler):
    with pytest.raises(LookupError):
        emit_and_fail("taken back")

    drain()

    assert handler.seen == []


@pytest.mark.django_db(transaction=True)
def test_event_outside_of_a_use_case_is_refused():
    with pytest.raises(NoTransaction):
        events.emit("readings.sent", provider_id=None, contract_id=None, payload={}, at=clock.now())


@pytest.mark.django_db
def test_kind_that_the_list_lacks_is_refused(emit):
    with pytest.raises(UnknownKind):
        emit(kind="readings.imagined")
    with pytest.raises(UnknownKind):
        events.on("readings.imagined")


def test_two_handlers_do_not_share_a_cursor(no_handlers):
    register("first")

    with pytest.raises(HandlerExists):
        register("first")


@pytest.fixture
def pooled(monkeypatch):
    """Give the relay a pool of two connections, as processes of real use have."""
    settings = deepcopy(connection.settings_dict)
    settings["OPTIONS"]["pool"] = {"min_size": 2, "max_size": 2}
    wrapper = DatabaseWrapper(settings)
    monkeypatch.setattr(relay, "connection", wrapper)
    yield
    wrapper.close()
    wrapper.close_pool()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("pooled")
def test_dropped_connection_leaves_no_lock_in_the_pool(monkeypatch):
    assert relay.take_lock()

    relay.drop_connection()

    monkeypatch.setattr(relay, "connection", connection)
    # The server notices the end of a session in its own time.
    assert any(relay.take_lock() or time.sleep(0.05) for _ in range(60))
    relay.drop_connection()
