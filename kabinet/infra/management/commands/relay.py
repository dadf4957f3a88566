"""Run the relay until a signal asks to stop."""

import signal
from threading import Event
from typing import Any

from django.core.management.base import BaseCommand

from kabinet.infra import relay


class Command(BaseCommand):
    help = "Number committed events and run their handlers"
    # Pages and their addresses are none of its business, and loading them takes longer than all else.
    requires_system_checks = ()

    def handle(self, *_args: Any, **_options: Any) -> None:
        stop = Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        relay.run(until=stop.is_set)
