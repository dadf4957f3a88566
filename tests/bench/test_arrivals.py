"""Who sends the load counts what came of it, and does not wait for answers (bench/serving/arrivals.py)."""

import asyncio
from collections import Counter
from itertools import islice, repeat

import pytest
from anyio.from_thread import start_blocking_portal

from bench.serving.arrivals import Arrivals, Tally, Told, Visit, mixed

GOOD = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
LATER = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nContent-Length: 0\r\n\r\n"
VISIT = Visit("page", b"GET / HTTP/1.1\r\n\r\n", key="k")


def played(play):
    """Run it on a loop of its own thread: a browser's tests may have left one in ours."""
    with start_blocking_portal() as thread:
        return thread.call(play)


def told_by(answers, *, act, visits=None):
    """Let people come to a server that gives the answers one after another, nothing where there is none."""
    left = iter(answers)

    async def serve(reader, writer):
        while await reader.readuntil(b"\r\n\r\n"):
            writer.write(next(left, GOOD))
            if writer.is_closing():
                return

    async def play():
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        async with server:
            arrivals = Arrivals(server.sockets[0].getsockname()[1])
            return await act(arrivals, visits or repeat(VISIT))

    return played(play)


@pytest.mark.parametrize(
    ("answer", "served", "put_off", "errors"),
    [
        (GOOD, 1, 0, []),
        (b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", 1, 0, []),
        (LATER, 0, 1, []),
        (LATER.replace(b"Retry-After", b"Warning"), 0, 0, ["503"]),
        (GOOD.replace(b"200 OK", b"302 Found"), 0, 0, ["302"]),
        (GOOD.replace(b"200 OK", b"500 Internal"), 0, 0, ["500"]),
    ],
)
def test_answer_is_what_it_says(answer, served, put_off, errors):
    async def once(arrivals, visits):
        arrivals._send(next(visits), due=0.0)
        await arrivals._all_answered()
        return arrivals.told

    told = told_by([answer], act=once)

    tally = told.of("page")
    assert (tally.asked, tally.served, tally.put_off, tally.errors) == (1, served, put_off, errors)
    assert (len(told.acknowledged), len(told.put_off), len(told.unknown)) == (served, put_off, len(errors))


def test_connection_that_breaks_is_an_error_and_nobody_was_told():
    async def serve(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.close()

    async def play():
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        async with server:
            arrivals = Arrivals(server.sockets[0].getsockname()[1])
            arrivals._send(VISIT, due=0.0)
            await arrivals._all_answered()
            return arrivals.told

    told = played(play)

    assert told.of("page").errors == ["closed without an answer"]
    assert told.unknown == ["k"]


def test_people_arrive_whether_others_were_answered_or_not():
    """Nobody is answered before five have asked: who waits for his answer would wait for ever."""
    asked = []
    five = asyncio.Event()

    async def serve(reader, writer):
        while await reader.readuntil(b"\r\n\r\n"):
            asked.append(1)
            if len(asked) == 5:
                five.set()
            await five.wait()
            writer.write(GOOD)

    async def play():
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        async with server:
            arrivals = Arrivals(server.sockets[0].getsockname()[1])
            return await arrivals.by_the_clock(repeat(VISIT), rate=200, seconds=0.2)

    told = played(play)

    assert told.of("page").served == told.of("page").asked == len(asked) >= 5


def test_clients_who_wait_are_as_many_as_was_said():
    under_way = []

    async def few(arrivals, visits):
        send = arrivals._send

        def noted(visit, *, due):
            send(visit, due=due)
            under_way.append(arrivals.under_way)

        arrivals._send = noted
        return await arrivals.one_after_another(visits, clients=3, seconds=0.2)

    told = told_by([], act=few)

    assert max(under_way) == 3
    assert told.of("page").served == told.of("page").asked > 3


def test_kinds_come_as_often_as_was_said():
    makers = {kind: lambda kind=kind: Visit(kind, b"") for kind in ("reading", "page", "archive")}

    kinds = Counter(visit.kind for visit in islice(mixed({"reading": 25, "page": 60, "archive": 15}, makers), 400))

    assert kinds == {"reading": 100, "page": 240, "archive": 60}


def test_waiting_time_is_that_of_a_share_within_a_stretch():
    tally = Tally(answered=[(float(number), number / 100) for number in range(100)])

    assert tally.wait(0.5) == 0.5
    assert tally.wait(0.99) == 0.99
    assert tally.wait(0.5, since=90, until=92) == 0.91
    assert Tally().wait(0.5) != Tally().wait(0.5)


def test_keys_of_visits_without_one_are_not_kept():
    told = Told()

    told.note(Visit("page", b""), status=200, head=b"", due=0.0)

    assert told.acknowledged == []
