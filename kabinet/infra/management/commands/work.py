"""Run the worker of jobs until a signal asks to stop."""

import asyncio
from typing import Any, Final

from django.core.management.base import BaseCommand
from procrastinate.contrib.django import app, connector_params

from kabinet.infra.memory import collect_rarely
from kabinet.infra.pulse import Pulse, WatchedConnector

# Jobs that take longer go back into the queue; the supervisor waits a little longer.
GRACE_SECONDS: Final = 4.0


class Command(BaseCommand):
    help = "Do the jobs that wait in the queue"
    requires_system_checks = ()

    def handle(self, *_args: Any, **_options: Any) -> None:
        collect_rarely()
        pulse = Pulse()
        pulse.watch()
        asyncio.run(work(pulse))


async def work(pulse: Pulse) -> None:
    connector = WatchedConnector(pulse, kwargs=connector_params())
    with app.replace_connector(connector) as working:
        async with working.open_async():
            await working.run_worker_async(shutdown_graceful_timeout=GRACE_SECONDS)
