"""One line of JSON per record; facts of jobs stay out, they may be somebody's address."""

import json
import logging
from typing import Any, Final

_STANDARD: Final = frozenset(vars(logging.makeLogRecord({})))
JOB_FACTS: Final = frozenset({"id", "task_name", "queue", "attempts", "status", "scheduled_at"})


class JsonFormatter(logging.Formatter):
    """Time, level, logger, message, extra facts and traceback."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {name: value for name, value in vars(record).items() if name not in _STANDARD}
        if "job" in line or "jobs" in line:
            line = without_arguments(line)
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def without_arguments(line: dict[str, Any]) -> dict[str, Any]:
    """Take from procrastinate's line what the jobs were called with and what they returned."""
    jobs = [job for job in (line.get("job"), *line.get("jobs", ())) if isinstance(job, dict)]
    said = line["message"].partition(" - Result: ")[0]
    for job in jobs:
        if call := job.get("call_string"):
            said = said.replace(call, f"{job.get('task_name')}[{job.get('id')}]")
    kept = {name: value for name, value in line.items() if name not in {"result", "job", "jobs"}}
    return kept | {"message": said, "jobs": [shown_facts(job) for job in jobs]}


def shown_facts(job: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in job.items() if name in JOB_FACTS}
