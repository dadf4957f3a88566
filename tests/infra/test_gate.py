"""The queue before the application is bounded, has ranks, and gives places back (TRUST 9)."""

import threading
from contextlib import contextmanager

import pytest

from kabinet.infra.gate import LANES, MOST_INSIDE, PLACES, Busy, Gate, Lane
from kabinet.infra.loads import Load
from launcher.children import BLOCKING_THREADS

SHORT = 0.05


def lanes(**changed):
    usual = {load.value: Lane(rank=1, at_once=4, waiting=2, seconds=5) for load in Load}
    usual["sending"] = Lane(rank=0, at_once=4, waiting=2, seconds=5)
    return {load: (usual | changed)[load.value] for load in Load}


class Queue:
    """Threads that come to a gate one after another; `order` is that in which they were let in."""

    def __init__(self, gate):
        self.gate = gate
        self.order = []
        self.passes = {}
        self.threads = []

    def comes(self, name, load):
        before = self.gate.waiting()

        def come():
            try:
                self.passes[name] = self.gate.enter(load)
                self.order.append(name)
            except Busy:
                self.order.append(f"{name} put off")

        thread = threading.Thread(target=come, daemon=True)
        thread.start()
        self.threads.append(thread)
        while thread.is_alive() and self.gate.waiting() == before:
            thread.join(0.001)

    def leaves(self, name):
        """Wait until it is let in, then end it."""
        while name not in self.passes:
            threading.Event().wait(0.001)
        self.passes[name].leave()

    def all_end(self):
        for thread in self.threads:
            thread.join(10)


@contextmanager
def full(gate, *, places):
    """Take every place by pages that work until the end."""
    passes = [gate.enter(Load.PAGE) for _ in range(places)]
    yield passes
    for one in passes:
        one.leave()


def test_request_comes_in_while_there_is_a_place():
    gate = Gate(lanes(), places=2)

    gate.enter(Load.PAGE)
    gate.enter(Load.PAGE)

    assert gate.waiting() == 0


def test_place_that_is_given_back_is_the_next_ones():
    gate = Gate(lanes(), places=1)
    queue = Queue(gate)
    working = gate.enter(Load.PAGE)
    queue.comes("next", Load.PAGE)

    assert queue.order == []
    working.leave()
    queue.all_end()
    assert queue.order == ["next"]


def test_queue_that_is_full_puts_off_at_once():
    gate = Gate(lanes(), places=1)
    queue = Queue(gate)
    with full(gate, places=1):
        queue.comes("first", Load.PAGE)
        queue.comes("second", Load.PAGE)

        with pytest.raises(Busy):
            gate.enter(Load.PAGE)

    queue.all_end()


def test_full_queue_of_pages_does_not_put_off_a_reading():
    gate = Gate(lanes(), places=1)
    queue = Queue(gate)
    with full(gate, places=1):
        queue.comes("first", Load.PAGE)
        queue.comes("second", Load.PAGE)
        queue.comes("reading", Load.SENDING)

    for name in ("reading", "first", "second"):
        queue.leaves(name)
    assert queue.order == ["reading", "first", "second"]


def test_of_one_rank_who_came_first_is_first():
    gate = Gate(lanes(), places=1)
    queue = Queue(gate)
    with full(gate, places=1):
        queue.comes("page", Load.PAGE)
        queue.comes("sign-in", Load.SIGN_IN)
        queue.comes("another page", Load.PAGE)

    for name in ("page", "sign-in", "another page"):
        queue.leaves(name)
    assert queue.order == ["page", "sign-in", "another page"]


def test_patience_ends_and_the_place_in_the_queue_is_free_again():
    gate = Gate(lanes(page=Lane(rank=1, at_once=4, waiting=1, seconds=SHORT)), places=1)
    with full(gate, places=1):
        with pytest.raises(Busy):
            gate.enter(Load.PAGE)

        assert gate.waiting() == 0


def test_lane_has_a_limit_of_its_own_and_others_pass_by():
    gate = Gate(lanes(sign_in=Lane(rank=1, at_once=1, waiting=1, seconds=5)), places=4)
    queue = Queue(gate)
    password = gate.enter(Load.SIGN_IN)
    queue.comes("second password", Load.SIGN_IN)
    queue.comes("page", Load.PAGE)

    assert queue.order == ["page"]
    password.leave()
    queue.all_end()
    assert queue.order == ["page", "second password"]


def test_file_on_its_way_holds_its_lane_and_no_place():
    gate = Gate(lanes(file=Lane(rank=2, at_once=1, waiting=0, seconds=5)), places=1)
    file = gate.enter(Load.FILE)

    file.end_work()
    page = gate.enter(Load.PAGE)
    page.leave()
    with pytest.raises(Busy):
        gate.enter(Load.FILE)
    file.leave()

    gate.enter(Load.FILE)


def test_what_is_given_back_twice_counts_once():
    gate = Gate(lanes(page=Lane(rank=1, at_once=4, waiting=0, seconds=5)), places=1)
    page = gate.enter(Load.PAGE)
    page.end_work()
    page.end_work()
    page.leave()
    page.leave()
    gate.enter(Load.PAGE)

    with pytest.raises(Busy):
        gate.enter(Load.PAGE)


def test_who_was_put_off_is_counted():
    gate = Gate(lanes(page=Lane(rank=1, at_once=1, waiting=0, seconds=5)), places=1)
    gate.enter(Load.PAGE)
    with pytest.raises(Busy):
        gate.enter(Load.PAGE)

    assert gate.put_off_within(60) == 1
    assert gate.put_off_within(-1) == 0


def test_crowd_gets_in_or_is_told_and_nothing_is_left_behind():
    """Many more than can: each either works or is told, never more at once than there are places."""
    gate = Gate(places=3)
    at_work, most, told = [], [], []
    lock = threading.Lock()

    def come(number):
        load = list(Load)[number % len(Load)]
        try:
            passed = gate.enter(load)
        except Busy:
            told.append("put off")
            return
        with lock:
            at_work.append(number)
            most.append(len(at_work))
        threading.Event().wait(0.001)
        with lock:
            at_work.remove(number)
        passed.leave()
        told.append("done")

    threads = [threading.Thread(target=come, args=(number,)) for number in range(200)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert len(told) == 200
    assert "done" in told
    assert max(most) <= 3
    assert gate.waiting() == 0
    assert gate._taken == 0
    assert {count.working for count in gate._counts.values()} == {0}


def test_every_load_has_a_lane_and_readings_are_put_off_last():
    assert set(LANES) == set(Load)
    assert all(LANES[Load.SENDING].rank < LANES[load].rank for load in Load if load is not Load.SENDING)
    assert LANES[Load.SENDING].at_once == PLACES > max(LANES[load].at_once for load in Load if load is not Load.SENDING)


def test_server_has_threads_left_to_say_later():
    assert BLOCKING_THREADS >= MOST_INSIDE + 8
