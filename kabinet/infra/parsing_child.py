"""The processes in which hostile files are read. Run by `parsing.py` as a plain script; nothing imports it.

One of them keeps everything loaded that readers need, touches no file, and forks a child for each. The child limits
itself before it looks at its file, has no settings, secrets or addresses in its environment, answers by one line of
JSON into the pipe that came with the request, and ends: no two files ever meet in a process.
"""

import gc
import importlib
import json
import os
import resource
import select
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

MEGABYTE = 1024 * 1024
MOST_OPEN_FILES = 64
LARGEST_REQUEST = 64 * 1024
# A keeper that nobody asks goes away; the next file starts another.
IDLE_SECONDS = 300


def limit(*, seconds: int, megabytes: int) -> None:
    """Bound what this process may take; nothing lifts the bounds again."""
    bounds = {
        resource.RLIMIT_AS: megabytes * MEGABYTE,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_NOFILE: MOST_OPEN_FILES,
        resource.RLIMIT_CORE: 0,
    }
    for kind, most in bounds.items():
        resource.setrlimit(kind, (most, most))
    # At the first bound comes a signal that tells what happened, at the second one that only ends.
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    # Whoever started us may be gone: then nobody else ends a process that merely sleeps.
    signal.alarm(seconds * 2 + 5)


def answer_of(task: str, path: Path) -> dict[str, Any]:
    """Run the function on the file; what it raises becomes an answer without its words, which may be the file's."""
    try:
        return {"value": function_of(task)(path)}
    except MemoryError:
        return {"too_large": True}
    except Exception as error:  # noqa: BLE001 - whatever it is, the parent tells it
        code = getattr(error, "code", None)
        if isinstance(code, str):
            return {"bad_file": code, "facts": getattr(error, "facts", {})}
        return {"crashed": type(error).__name__, "where": place_of(error)}


def function_of(task: str) -> Callable[[Path], Any]:
    module, _, name = task.partition(":")
    function: Callable[[Path], Any] = getattr(importlib.import_module(module), name)
    return function


def place_of(error: BaseException) -> str:
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else ""


def load(task: str) -> None:
    """Load what the reader needs before its child is forked; what cannot be loaded the child tells by itself."""
    module = task.partition(":")[0]
    if module not in sys.modules:
        with suppress(Exception):
            preload = getattr(importlib.import_module(module), "preload", None)
            if preload is not None:
                preload()
        gc.collect()
        gc.freeze()


def read(request: dict[str, Any], out: int) -> None:
    """Read one file, as the child, and end."""
    code = 1
    try:
        os.setsid()
        # Whatever the libraries print must not become an answer, and the keeper's door is none of the child's.
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nowhere, stream)
        limit(seconds=request["seconds"], megabytes=request["megabytes"])
        line = json.dumps(answer_of(request["task"], Path(request["path"])), ensure_ascii=False)
        with os.fdopen(out, "w", encoding="utf-8") as pipe:
            pipe.write(line)
        code = 0
    finally:
        os._exit(code)


def serve(door: socket.socket) -> None:
    """Fork a child for each request; its process stays a name of its own until the asker has seen how it ended."""
    while select.select([door], [], [], IDLE_SECONDS)[0]:
        text, pipes, _, _ = socket.recv_fds(door, LARGEST_REQUEST, 1)
        if not text:
            return
        request = json.loads(text)
        load(request["task"])
        child = os.fork()
        if not child:
            read(request, pipes[0])
        os.close(pipes[0])
        door.send(json.dumps({"pid": child}).encode())
        ended = os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)
        is_exit = ended is not None and ended.si_code == os.CLD_EXITED
        status = 0 if ended is None else ended.si_status
        door.send(json.dumps({"code": status if is_exit else -status}).encode())
        seen = door.recv(1)
        _, _, spent = os.wait4(child, 0)
        if not seen:
            return
        door.send(json.dumps({"seconds": spent.ru_utime + spent.ru_stime, "kilobytes": spent.ru_maxrss}).encode())


def main() -> None:
    sys.path.insert(0, sys.argv[1])
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with socket.socket(fileno=0) as door, suppress(ConnectionError, BrokenPipeError):
        serve(door)


if __name__ == "__main__":
    main()
