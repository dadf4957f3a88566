"""Probes tell the truth, and livez needs nobody (TRUST 9)."""

import json
import shutil
from datetime import timedelta
from typing import NamedTuple

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection

from kabinet.infra import clock, gate, health, jobs, relay
from kabinet.infra.db import transaction_of
from kabinet.infra.gate import Busy
from kabinet.infra.health import State
from kabinet.infra.loads import Load


class Usage(NamedTuple):
    total: int
    used: int
    free: int


@pytest.fixture
def settings_of_server(monkeypatch):
    """Let the server say what it is told to say of itself."""
    said = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on", "data_checksums": "on"}
    monkeypatch.setattr(health, "_setting", lambda name: said[name])
    return said


def state_of(name):
    (check,) = [check for check in health.readyz().checks if check.name == name]
    return check.state


def test_livez_answers_without_a_database(client):
    """Any look at the database would fail here: this test asks for none."""
    answer = client.get("/livez")

    assert answer.status_code == 200
    assert json.loads(answer.content) == {"ready": True, "checks": []}
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("path", ["/livez", "/readyz"])
@pytest.mark.django_db
def test_probe_may_come_over_plain_http_by_any_host(client, settings, path):
    settings.SECURE_SSL_REDIRECT, settings.ALLOWED_HOSTS, settings.SHARED_HOSTS = True, ["w.example"], []

    assert client.get(path, headers={"host": "10.0.0.7:8000"}).status_code == 200


@pytest.mark.django_db
def test_readyz_looks_at_everything(client):
    answer = json.loads(client.get("/readyz").content)

    assert answer["ready"] is True
    assert {check["name"] for check in answer["checks"]} == {
        "disk", "crowd", "database", "migrations", "durability", "checksums", "jobs", "events", "scans",
    }  # fmt: skip


@pytest.mark.django_db
def test_requests_that_were_put_off_warn_and_do_not_take_the_portal_away(client):
    for _ in range(gate.LANES[Load.FILE].at_once):
        gate.GATE.enter(Load.FILE)
    gate.GATE._lanes = {**gate.LANES, Load.FILE: gate.Lane(rank=2, at_once=2, waiting=0, seconds=0)}
    with pytest.raises(Busy):
        gate.GATE.enter(Load.FILE)

    assert state_of("crowd") is State.WARN
    assert client.get("/readyz").status_code == 200


def test_readyz_without_a_database_refuses_and_does_not_fall(client, monkeypatch):
    def refuse():
        raise OperationalError

    monkeypatch.setattr(connection, "cursor", refuse)

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert {"name": "database", "state": "refuse", "error": "OperationalError"} in json.loads(answer.content)["checks"]


@pytest.mark.django_db
@pytest.mark.parametrize("name", health.DURABLE)
def test_server_that_may_lose_what_was_kept_is_refused(settings_of_server, name):
    settings_of_server[name] = "off"

    assert state_of("durability") is State.REFUSE


@pytest.mark.django_db
@pytest.mark.parametrize(("said", "state"), [("on", State.OK), ("off", State.WARN)])
def test_missing_checksums_warn(settings_of_server, said, state):
    settings_of_server["data_checksums"] = said

    assert state_of("checksums") is state


@pytest.mark.django_db
def test_setting_is_the_servers_own_word():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")

    assert state_of("durability") is State.REFUSE


@pytest.mark.django_db
def test_missing_migration_is_refused(monkeypatch):
    known = health._known_migrations()
    monkeypatch.setattr(health, "_known_migrations", lambda: known | {("infra", "9999_next")})

    assert state_of("migrations") is State.REFUSE


@pytest.mark.django_db
def test_applied_migrations_are_those_that_migrate_would_apply():
    call_command("migrate", check_unapplied=True, verbosity=0)

    assert state_of("migrations") is State.OK


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("megabytes", "state"), [(199, State.REFUSE), (200, State.WARN), (1999, State.WARN), (2000, State.OK)]
)
def test_disk_has_room(monkeypatch, megabytes, state):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(0, 0, megabytes * 1024 * 1024))

    assert state_of("disk") is state


@pytest.mark.django_db
@pytest.mark.parametrize(("minutes", "state"), [(14, State.OK), (16, State.WARN)])
def test_job_that_waits_too_long_warns(minutes, state):
    with transaction_of("test"):
        jobs.enqueue("infra.send_mail", letter="")
        with connection.cursor() as cursor:
            cursor.execute("UPDATE procrastinate_events SET at = now() - make_interval(mins => %s)", [minutes])

        assert state_of("jobs") is state


@pytest.mark.django_db
def test_job_of_tomorrow_is_not_late():
    with transaction_of("test"):
        jobs.enqueue("infra.send_mail", at=clock.technical_now() + timedelta(days=1), letter="")

        assert state_of("jobs") is State.OK


@pytest.mark.django_db
def test_event_that_no_relay_numbers_warns(emit, no_handlers, monkeypatch):
    emit()
    later = clock.technical_now() + timedelta(seconds=70)
    monkeypatch.setattr(clock, "technical_now", lambda: later)

    assert state_of("events") is State.WARN
    relay.turn()
    assert state_of("events") is State.OK


@pytest.mark.django_db
def test_late_work_warns_and_does_not_take_the_portal_away(client, emit, monkeypatch):
    emit()
    later = clock.technical_now() + timedelta(days=1)
    monkeypatch.setattr(clock, "technical_now", lambda: later)

    assert client.get("/readyz").status_code == 200
