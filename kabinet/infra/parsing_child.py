"""The process in which a hostile file is read. Run by `parsing.py` as a plain script; nothing imports it.

It limits itself before it loads anything, has no settings, secrets or addresses in its environment, and answers on
its standard output with one line of JSON.
"""

import importlib
import json
import os
import resource
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

MEGABYTE = 1024 * 1024
MOST_OPEN_FILES = 64


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


def main() -> None:
    root, task, path, seconds, megabytes = sys.argv[1:]
    limit(seconds=int(seconds), megabytes=int(megabytes))
    sys.path.insert(0, root)
    # Whatever the libraries print must not become an answer.
    out = os.dup(1)
    os.dup2(2, 1)
    line = json.dumps(answer_of(task, Path(path)), ensure_ascii=False)
    with os.fdopen(out, "w", encoding="utf-8") as pipe:
        pipe.write(line)


if __name__ == "__main__":
    main()
