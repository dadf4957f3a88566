"""`./run bench deadline`: the last evening of a window (SPEED, «Goals»).

Twenty-five readings and seventy-five other requests arrive each second, by the clock, while billing's batches are taken
in; then four times as many; then as many as before. Portal, worker and relay run as `./run serve` starts them. At the
end every reading that was acknowledged is looked for in the database.
"""

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from bench.frame import machine
from bench.serving import crowd, evenings, ledger, site
from bench.serving.arrivals import Arrivals, Told, Visit, mixed
from bench.serving.billing import importing
from bench.serving.evenings import AT_MOST, SENT, Phase, Spent
from bench.serving.site import Site, server_seconds
from bench.serving.visitors import SEND, Visitors
from launcher import children
from launcher.supervisor import Supervisor

Say = Callable[[str], object]
PORT: Final = 8331
CLIENTS: Final = 16
# Of a hundred requests: what people of a water company do on that evening.
SHARES: Final = {SENT: 25, "readings page": 45, "start page": 15, "archive": 10, "contracts": 5}
PATHS: Final = {
    "readings page": SEND, "start page": "/start/", "archive": "/readings/archive/", "contracts": "/contracts/",
}  # fmt: skip
TIMES: Final = 4
MINUTE: Final = 60.0
LEAST_SECONDS: Final = 5.0


@dataclass(frozen=True, slots=True)
class Plan:
    """How large, how long, how many a second, how many rows billing sends meanwhile."""

    accounts: int = 300_000
    minutes: float = 10.0
    months: int = crowd.MONTHS
    rows: int = 300_000
    rate: float = 100.0
    port: int = PORT


@dataclass(slots=True)
class Evening:
    """The portal with its helpers, and who comes to it."""

    portal: Site
    helpers: Sequence[Site]
    visitors: Visitors

    def visits(self) -> Iterator[Visit]:
        makers: dict[str, Callable[[], Visit]] = {SENT: self.visitors.sends}
        makers |= {kind: self.visitors.opens(kind, path) for kind, path in PATHS.items()}
        return mixed(SHARES, makers)

    def by_the_clock(self, name: str, *, rate: float, seconds: float) -> Phase:
        """Let people arrive by the clock."""
        arrivals = Arrivals(self.portal.port)
        return self._played(name, rate, arrivals.by_the_clock(self.visits(), rate=rate, seconds=seconds))

    def at_most(self, *, seconds: float) -> Phase:
        """Say how much the portal can: so few ask, each as soon as he is answered, that nobody is put off."""
        arrivals = Arrivals(self.portal.port)
        waiting = arrivals.one_after_another(self.visits(), clients=CLIENTS, seconds=seconds)
        return self._played(AT_MOST, 0.0, waiting)

    def _played(self, name: str, rate: float, act: Coroutine[Any, Any, Told]) -> Phase:
        before, begun = self._processors(), time.monotonic()
        told = asyncio.run(act)
        seconds = time.monotonic() - begun
        return Phase(name, rate, begun, seconds, told, (self._processors() - before).a_second(seconds))

    def _processors(self) -> Spent:
        helpers = sum(helper.seconds() for helper in self.helpers)
        return Spent(self.portal.seconds(), server_seconds(), helpers, time.process_time())


def run(plan: Plan, *, say: Say) -> bool:
    """Play the evening and tell it in tables; say whether every acknowledged reading is there, once."""
    say(machine())
    people = crowd.fill(plan.accounts, plan.months, say=say)
    batches = importing(people.provider.row, port=plan.port, rows=plan.rows)
    seconds = plan.minutes * MINUTE
    with _served(plan.port) as (portal, helpers):
        evening = Evening(portal, helpers, Visitors(people))
        phases = [evening.by_the_clock("warm-up", rate=plan.rate / 4, seconds=LEAST_SECONDS)]
        phases.append(evening.at_most(seconds=max(seconds / 30, LEAST_SECONDS)))
        batches.begin()
        for name, times, part in (("1 ×", 1, 1.0), (f"{TIMES} ×", TIMES, 0.5), ("1 × again", 1, 0.25)):
            phases.append(evening.by_the_clock(name, rate=plan.rate * times, seconds=seconds * part))
            say(f"{name}: {phases[-1].whole.served:,} served")
        batches.end()
        memory = portal.memory()
    found = ledger.look(evening.visitors.sent, [phase.told for phase in phases])
    evenings.tell(phases, batches=batches, memory=memory, say=say)
    say(str(found))
    say(machine())
    return found.is_well


@contextmanager
def _served(port: int) -> Iterator[tuple[Site, Sequence[Site]]]:
    """Run portal, worker and relay on settings of their own."""
    with TemporaryDirectory(prefix="kabinet-bench-") as folder:
        settings = site.settings_in(Path(folder))
        supervisor = Supervisor(logs=Path(folder))
        with site.portal(port, more=settings) as portal, supervisor.watching():
            started = [supervisor.start(program(settings)) for program in (children.worker, children.relay)]
            yield portal, [Site(child.program.name, 0, child.process.pid) for child in started if child.process]
