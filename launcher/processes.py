"""One child process: started apart from the terminal, written to a log, gone when the launcher is gone."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

SET_DEATH_SIGNAL: Final = 1
LARGEST_LOG: Final = 10 * 1024 * 1024
FIRST_PAUSE: Final = 1.0
LONGEST_PAUSE: Final = 30.0
LONG_ENOUGH: Final = 60.0

LIBC: Final = ctypes.CDLL(None) if sys.platform == "linux" else None


@dataclass(frozen=True)
class Program:
    """What is to be kept running: its name, command, environment, and how it is asked to end."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(repr=False)
    options: Mapping[str, Any]
    stop_signal: signal.Signals = signal.SIGTERM
    kill_signal: signal.Signals = signal.SIGKILL
    is_foundation: bool = False  # The others stand on it: it starts first and stops last.


class Child:
    """A program under watch: its process, and when it may be started again."""

    def __init__(self, program: Program, *, log: Path) -> None:
        self.program = program
        self.log = log
        self.process: subprocess.Popen[bytes] | None = None
        self.pause = FIRST_PAUSE
        self.started_at = 0.0
        self.due_at: float | None = None

    def start(self) -> None:
        """Start the program in a session of its own, so that Ctrl-C reaches the launcher alone."""
        if self.log.exists() and self.log.stat().st_size > LARGEST_LOG:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                self.program.command,
                env=dict(self.program.environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=dies_with_parent(self.program.stop_signal),  # noqa: PLW1509 -- the launcher has one thread
                **self.program.options,
            )
        self.started_at = time.monotonic()
        self.due_at = None

    def plan_restart(self) -> float:
        """Note when to start again: at once after a long life, later and later when it keeps dying."""
        now = time.monotonic()
        if now - self.started_at > LONG_ENOUGH:
            self.pause = FIRST_PAUSE
        pause, self.pause = self.pause, min(self.pause * 2, LONGEST_PAUSE)
        self.due_at = now + pause
        return pause

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def ask_to_stop(self) -> None:
        if self.process is not None and self.is_running:
            self.process.send_signal(self.program.stop_signal)

    def kill(self) -> None:
        """End the program by force."""
        if self.process is not None and self.is_running:
            self.process.send_signal(self.program.kill_signal)
            self.process.wait()

    def sweep(self) -> None:
        """End what the program left behind: workers of a killed master would keep its port."""
        if self.process is None or self.program.is_foundation:
            return
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            return


def dies_with_parent(number: signal.Signals) -> Callable[[], None]:
    """Return what a child does before its program: ask the system for a signal when the launcher dies."""
    parent = os.getpid()

    def ask() -> None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        if LIBC is not None:
            LIBC.prctl(SET_DEATH_SIGNAL, int(number))
        if os.getppid() != parent:
            os._exit(1)

    return ask
