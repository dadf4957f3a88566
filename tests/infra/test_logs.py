"""One line of JSON per record, without what jobs are called with."""

import json
import logging

import pytest
from procrastinate.jobs import Job

from kabinet.infra.logs import JsonFormatter

JOB = Job(
    id=7, queue="default", task_name="accounts.send_code", task_kwargs={"email": "anna@example.com"},
    lock="anna@example.com", queueing_lock=None,
)  # fmt: skip


def line(message="said", **extra):
    record = logging.makeLogRecord({"name": "n", "levelname": "INFO", "msg": message} | extra)
    return JsonFormatter().format(record)


def test_line_carries_extra_facts():
    assert json.loads(line(handler="h"))["handler"] == "h"


def test_line_carries_the_traceback():
    with pytest.raises(LookupError) as caught:
        _ = {}["missing"]

    told = json.loads(line(exc_info=(caught.type, caught.value, caught.tb)))

    assert told["traceback"].startswith("Traceback")


def test_facts_that_json_does_not_know_become_text():
    assert json.loads(line(where=object))["where"].startswith("<class")


@pytest.mark.parametrize(
    "extra",
    [
        {"msg": f"Starting job {JOB.call_string}", "job": JOB.log_context()},
        {
            "msg": f"Job {JOB.call_string} ended - Result: anna@example.com",
            "job": JOB.log_context(),
            "result": "anna@…",
        },
        {"msg": "Deferred 1 job", "jobs": [JOB.log_context()]},
    ],
)
def test_line_of_a_job_names_it_and_nothing_of_its_facts(extra):
    told = line(**extra)

    assert "anna" not in told
    assert json.loads(told)["jobs"][0]["task_name"] == "accounts.send_code"


def test_line_of_a_job_says_which():
    told = json.loads(line(msg=f"Starting job {JOB.call_string}", job=JOB.log_context()))

    assert told["message"] == "Starting job accounts.send_code[7]"
