"""Points at which a test ends a process: off by themselves, one death an arming, never in real use."""

import signal

import pytest

from config import settings as real
from kabinet.infra import failpoints
from kabinet.infra.db import transaction_of
from launcher import serve


@pytest.fixture
def deaths(monkeypatch, tmp_path):
    """Count deaths instead of dying them."""
    counted = []
    monkeypatch.setattr(failpoints, "FOLDER", str(tmp_path))
    monkeypatch.setattr("os.kill", lambda pid, number: counted.append(number))
    return counted


def test_points_are_off_without_the_setting():
    assert failpoints.FOLDER == real.FAILPOINTS == ""
    failpoints.reach("before", "anything")


def test_armed_point_ends_one_process_by_force(deaths, tmp_path):
    (tmp_path / "before sending").touch()

    failpoints.reach("before", "sending")
    failpoints.reach("before", "sending")

    assert deaths == [signal.SIGKILL]


def test_point_that_is_not_armed_is_passed(deaths, tmp_path):
    (tmp_path / "after sending").touch()

    failpoints.reach("before", "sending")

    assert deaths == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("where", ["before", "inside", "after"])
def test_every_use_case_has_three_points(deaths, tmp_path, where):
    (tmp_path / f"{where} some use case").touch()

    with transaction_of("some use case"):
        pass

    assert deaths == [signal.SIGKILL]


def test_real_use_does_not_start_with_points():
    problems = list(serve.missing({"KABINET_FAILPOINTS": "/tmp/points"}))

    assert any(problem.startswith("KABINET_FAILPOINTS is set") for problem in problems)
