"""A relay with two handlers that leave one audit row per event; it ends itself where it is told to.

Arguments: point (body, between, numbers or never) and which time of it.
"""

import os
import signal
import sys
from threading import Event

import django

django.setup()

from kabinet.infra import audit, events, relay  # noqa: E402
from kabinet.infra.models import HandlerCursor  # noqa: E402
from kabinet.kernel.actors import Actor, ActorKind  # noqa: E402

POINT, WHICH = sys.argv[1], int(sys.argv[2])
passed = {"body": 0, "between": 0, "numbers": 0}


def passes(point):
    if point != POINT:
        return
    passed[point] += 1
    if passed[point] == WHICH:
        os.kill(os.getpid(), signal.SIGKILL)


def effect(name):
    def body(event):
        cursor = HandlerCursor(handler=f"{name} {event.uid}", seq=0)
        audit.record(name, cursor, before=None, after=event.payload["name"], by=Actor(ActorKind.JOB))
        passes("body")

    body.__module__, body.__name__ = "kabinet.test.handlers", name
    return body


def watched(function, point):
    def run(*args, **kwargs):
        result = function(*args, **kwargs)
        passes(point)
        return result

    return run


events.discover = lambda: None
events.HANDLERS.clear()
for name in ("first", "second"):
    events.on("readings.sent")(effect(name))
relay._deliver_one = watched(relay._deliver_one, "between")
relay.number_events = watched(relay.number_events, "numbers")

# Tests that are killed themselves leave no relay behind.
signal.alarm(120)
stop = Event()
signal.signal(signal.SIGTERM, lambda *_: stop.set())
sys.stdout.write("ready\n")
sys.stdout.flush()
relay.run(until=stop.is_set)
