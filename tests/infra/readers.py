"""Functions that read files, well and badly, for the parsing process."""

import os
import sys
import time
from pathlib import Path


class BadSheet(Exception):
    code = "sheet_missing"
    facts = {"sheet": "Лист1"}


def cells(path):
    """Read the first sheet as rows of text."""
    from python_calamine import load_workbook

    rows = load_workbook(path).get_sheet_by_index(0).to_python()
    return [[str(cell) for cell in row] for row in rows]


def size(path):
    return path.stat().st_size


def text(path):
    print("said by a library")  # noqa: T201
    return path.read_text(encoding="utf-8")


def refuse(_path):
    raise BadSheet


def crash(path):
    raise ValueError(path.read_text(encoding="utf-8"))


def leave(_path):
    os._exit(3)


def exit_(_path):
    sys.exit("words of the file")


def sleep(_path):
    time.sleep(60)


def spin(_path):
    while True:
        pass


def work(_path):
    while time.process_time() < 0.3:
        pass


def sleep_in_a_grandchild(path):
    pid = os.fork()
    if pid == 0:
        time.sleep(60)
    path.with_suffix(".pid").symlink_to(str(pid))
    time.sleep(60)


def swallow_memory(_path):
    return len(bytearray(2**33))


def answer_much(_path):
    return "x" * 40_000_000


def answer_what_json_cannot_hold(_path):
    return {1, 2}


def write_a_file(path):
    Path(path.with_suffix(".written")).write_bytes(b"x" * 10)


def surroundings(_path):
    """Say what the process can see of us."""
    return {"environment": sorted(os.environ), "django": [name for name in sys.modules if name.startswith("django")]}


def open_many(path):
    return len([path.open() for _ in range(100)])


def leave_a_trace(_path):
    """Return how many calls this process has seen before."""
    before = len(_traces)
    _traces.append(1)
    return before


_traces: list[int] = []


def parent(_path):
    return os.getppid()


def open_sockets(_path):
    links = [str(link.readlink()) for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]
    return [link for link in links if link.startswith("socket")]
