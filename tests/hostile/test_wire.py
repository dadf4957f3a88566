"""The web server itself is given what is no HTTP: it refuses or hangs up, goes on, and never says 500."""

import contextlib
import random
import socket
from collections import Counter

import pytest

from tests import world
from tests.deep import SEED, count
from tests.hostile.words import HAND_MADE, word
from tests.served import web_server

pytestmark = pytest.mark.django_db(transaction=True)

TIMES = count(gate=150, deep=1500)
LONG = 70_000
ALIVE = b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n"
GOOD = (
    b"POST /w/sign-in/ HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Cookie: kabinet=x\r\nContent-Length: 21\r\n\r\nemail=a%40b&password="
)
HAND_MADE_WIRE = [
    b"", b"\r\n\r\n", b"\x00", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"GET / HTTP/9.9\r\n\r\n",
    b"GET /\r\n\r\n",
    b"GET / HTTP/1.1\r\n\r\n", b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    b"G\x00T / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET /" + b"a" * LONG + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * LONG + b"\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X: y\r\n" * 5000 + b"\r\n",
    b"GET /%00 HTTP/1.1\r\nHost: localhost\r\n\r\n", b"GET /%ff%fe HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET /w/../../etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET //evil.example/ HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\n\r\n", b"OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: \xff\xfe\r\n\r\n", b"GET / HTTP/1.1\r\nHost: localhost:99999\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: localhost\r\nX-A: \xd0\xb6\x80\r\nCookie: \xff=\xfe\r\n\r\n",
    b"POST /w/sign-in/ HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
    b"POST /w/sign-in/ HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    b"POST /w/sign-in/ HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"POST /w/sign-in/ HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\nx\r\n0\r\n\r\n",
    b"POST /w/sign-in/ HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nx\r\n",
    b"POST /w/sign-in/ HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: x, chunked\r\n\r\n5\r\nab\r\n0\r\n\r\n",
    b"POST /w/sign-in/ HTTP/1.1\r\nHost: a\r\nExpect: 200-ok\r\nContent-Length: 1\r\n\r\nx",
    b"POST /w/exchange/v1/feed/ HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: localhost\r\n folded: x\r\n\r\n", b"GET / HTTP/1.1\nHost: localhost\n\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 99\r\n\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"CONNECT localhost:22 HTTP/1.1\r\nHost: localhost\r\n\r\n",
]  # fmt: skip


@pytest.fixture
def port(transactional_db):
    world.provider("w")
    with web_server() as served:
        yield served.port


def status_of(port, said, *, patience=1.0):
    """Say the bytes; return the status of the answer, nothing where the server hung up or waits for more.

    Whoever says that he has ended, by closing his half, is often not answered any more: nobody closes it here.
    """
    heard = b""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=patience) as wire:
        with contextlib.suppress(OSError):
            wire.sendall(said)
        heard = wire.recv(4096)
    words = heard.split(b" ", 2)
    return words[1].decode("ascii", "replace") if words[0].startswith(b"HTTP/") and len(words) > 1 else ""


def spoiled(chance):
    said = bytearray(GOOD)
    for _ in range(chance.choice((1, 1, 2, 3))):
        place = chance.randrange(len(said))
        piece = word(chance).encode("utf-8", "surrogatepass")[:100]
        said[place : place + chance.choice((0, 1, 2, len(piece)))] = piece
    return bytes(said)


def test_no_bytes_bring_the_server_down(port, figures):
    chance = random.Random(f"{SEED} wire")
    words = [b"GET /w/?q=" + word.encode("utf-8", "surrogatepass")[:200] for word in HAND_MADE]
    everything = [*HAND_MADE_WIRE, *(said + b" HTTP/1.1\r\nHost: localhost\r\n\r\n" for said in words)]
    everything += [spoiled(chance) for _ in range(TIMES)]
    told = [(status_of(port, said), said[:200]) for said in everything]
    answered = [status for status, _ in told if status]
    fell = [said for status, said in told if status.startswith("5")]

    assert fell == []
    assert len(answered) > len(told) / 2, Counter(status for status, _ in told)
    assert status_of(port, ALIVE, patience=30) == "200"
    figures(bad_bytes_on_the_wire=len(told), answered=len(answered), answers_of_500=len(fell))
