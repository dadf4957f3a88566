"""Keeps the processes of one start running, and ends them together."""

import http.client
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Final

from launcher.places import ROOT
from launcher.processes import Child, Program, dies_with_parent
from launcher.talk import Stop, Stopped, complain, last_lines

SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
TICK: Final = 0.1
STOP_SECONDS: Final = 6.0
FOUNDATION_SECONDS: Final = 3.0
PATIENCE: Final = 4.0  # A program that died three times while it was waited for will not come.


class Supervisor:
    """The children of one start; `asked` counts the Ctrl-C and SIGTERM received."""

    def __init__(self, *, logs: Path) -> None:
        self.logs = logs
        self.children: list[Child] = []
        self.asked = 0
        self.last_signal = 0

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Take the signals over, and leave no child behind, whatever happens inside."""
        before = {number: signal.signal(number, self.note_signal) for number in SIGNALS}
        try:
            yield
        finally:
            self.stop()
            for number, handler in before.items():
                signal.signal(number, handler)

    def note_signal(self, number: int, _frame: FrameType | None) -> None:
        self.asked += 1
        self.last_signal = number

    def start(self, program: Program) -> Child:
        child = Child(program, log=self.logs / f"{program.name}.log")
        self.children.append(child)
        child.start()
        return child

    def wait_until(self, is_ready: Callable[[], bool], *, child: Child, seconds: float) -> None:
        """Wait for a child's readiness; a start that fails for so long stops everything."""
        deadline = time.monotonic() + seconds
        while not is_ready():
            self.tick()
            if time.monotonic() > deadline or child.pause > PATIENCE:
                name = child.program.name
                raise Stop(
                    f"{last_lines(child.log)}\nThe {name} did not start; its words are above and in {child.log}."
                )

    def tick(self) -> None:
        """Look after the children once; raise when the person asked to stop."""
        if self.asked:
            raise Stopped
        self.look_after_children()
        time.sleep(TICK)

    def look_after_children(self) -> None:
        for child in self.children:
            self.look_after(child)

    def look_after(self, child: Child) -> None:
        if child.is_running:
            return
        if child.due_at is None:
            self.tell_and_plan(child)
        elif time.monotonic() >= child.due_at:
            child.start()

    def tell_and_plan(self, child: Child) -> None:
        child.sweep()
        pause = child.plan_restart()
        complain(f"The {child.program.name} {how_it_ended(child)}; starting it again in {pause:.0f} s.")
        complain(f"{last_lines(child.log, count=5)}\n    ({child.log})")

    def run(self, name: str, command: Sequence[str], *, environment: Mapping[str, str], aloud: bool = False) -> None:
        """Run a command to its end while looking after the children; stop with its words when it fails."""
        log = self.logs / f"{name}.log"
        with log.open("wb") as output:
            step = subprocess.Popen(
                command,
                cwd=ROOT,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=None if aloud else output,
                stderr=output,
                start_new_session=True,
                preexec_fn=dies_with_parent(signal.SIGTERM),  # noqa: PLW1509 -- the launcher has one thread
            )
        try:
            while step.poll() is None:
                self.tick()
        finally:
            if step.poll() is None:
                step.kill()
                step.wait()
        if step.returncode != 0:
            raise Stop(f"{last_lines(log)}\nThe step «{name}» failed; its words are above and in {log}.")

    def attend(self, command: Sequence[str], *, environment: Mapping[str, str]) -> int:
        """Run a command at the terminal, return its exit code; Ctrl-C reaches it by itself, the rest is passed on."""
        ending = dies_with_parent(signal.SIGTERM)
        process = subprocess.Popen(command, cwd=ROOT, env=dict(environment), preexec_fn=ending)  # noqa: PLW1509 -- one thread
        while process.poll() is None:
            self.look_after_children()
            if self.last_signal not in {0, signal.SIGINT}:
                process.send_signal(self.last_signal)
            time.sleep(TICK / 2)
        self.asked = self.last_signal = 0
        return process.returncode if process.returncode >= 0 else 128 - process.returncode

    def stop(self) -> None:
        """End all children, the foundation last; a second Ctrl-C ends them by force."""
        upper = [child for child in self.children if not child.program.is_foundation]
        self.end(upper, seconds=STOP_SECONDS)
        self.end([child for child in self.children if child.program.is_foundation], seconds=FOUNDATION_SECONDS)
        self.children.clear()

    def end(self, children: list[Child], *, seconds: float) -> None:
        for child in children:
            child.ask_to_stop()
        deadline = time.monotonic() + seconds
        while any(child.is_running for child in children) and time.monotonic() < deadline and self.asked < 2:  # noqa: PLR2004
            time.sleep(TICK / 2)
        for child in children:
            child.kill()
            child.sweep()


def how_it_ended(child: Child) -> str:
    code = child.process.returncode if child.process else 0
    return f"was ended by signal {-code}" if code < 0 else f"ended by itself (code {code})"


def status_of(host: str, port: int, path: str) -> int:
    """Return the status that a page of ours answers with, 0 when nothing answers; redirects are not followed."""
    connection = http.client.HTTPConnection(host, port, timeout=2)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()
