"""Files are searched for viruses by a daemon on a real socket (TRUST 7)."""

import io
import os
import time
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

from config import env
from kabinet.infra import clamd, clock, health, ids, scanning, tasks
from kabinet.infra.clamd import Clamd, NotNow
from kabinet.infra.db import transaction_of
from kabinet.infra.models import AuditRow, Event, StoredFile
from tests import antivirus
from tests.infra.conftest import PROVIDER, jobs_named

PDF = b"%PDF-1.7\n..."
BAD = PDF + antivirus.EICAR


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    backend = {"BACKEND": "kabinet.infra.storage.DurableFiles", "OPTIONS": {"location": tmp_path / "files"}}
    settings.STORAGES = settings.STORAGES | {"default": backend}


@pytest.fixture
def virus_scanner(settings):
    with antivirus.daemon() as server:
        settings.CLAMD = server.address
        yield server


def keep(content=PDF):
    with transaction_of("test"):
        return scanning.keep(
            io.BytesIO(content),
            provider_id=PROVIDER,
            original_name="акт.pdf",
            media_type="application/pdf",
            at=clock.now(),
        )


def scanned(stored):
    tasks.scan_file(stored=str(stored.pk))
    stored.refresh_from_db()
    return stored.scan


def test_bytes_reach_the_daemon_as_they_are_and_its_verdict_comes_back():
    content = PDF + os.urandom(700_000)
    with antivirus.daemon() as server:
        assert Clamd(server.address).infection_in(io.BytesIO(content)) is None
        assert Clamd(server.address).infection_in(io.BytesIO(BAD)) == "Eicar-Test-Signature"

        assert server.commands == [b"zINSTREAM"] * 2
        assert server.bodies == [content, BAD]


def test_daemon_is_asked_by_the_path_of_its_socket(tmp_path):
    with antivirus.daemon(path=str(tmp_path / "ctl")) as server:
        assert Clamd(server.address).answers()
        assert Clamd(server.address).infection_in(io.BytesIO(BAD)) == "Eicar-Test-Signature"


@pytest.mark.parametrize("manner", ["closes", "garbage", "endless"])
def test_answer_that_is_none_is_no_verdict(manner):
    with antivirus.daemon(manner) as server:
        with pytest.raises(NotNow):
            Clamd(server.address, seconds=3).infection_in(io.BytesIO(PDF))
        assert not Clamd(server.address, seconds=3).answers()


def test_daemon_that_hangs_is_left_in_time():
    with antivirus.daemon("hangs") as server:
        began = time.monotonic()

        with pytest.raises(NotNow) as refusal:
            Clamd(server.address, seconds=0.5).infection_in(io.BytesIO(PDF))

    assert refusal.value.code == "TimeoutError"
    assert time.monotonic() - began < 5


def test_file_above_the_daemons_own_limit_has_no_verdict():
    with antivirus.daemon(largest=10) as server, pytest.raises(NotNow):
        Clamd(server.address).infection_in(io.BytesIO(PDF))


@pytest.mark.parametrize("address", [antivirus.nobody(), "/nowhere/clamd.ctl"])
def test_daemon_that_is_not_there_is_no_verdict(address):
    with pytest.raises(NotNow):
        Clamd(address).infection_in(io.BytesIO(PDF))

    assert not Clamd(address).answers()


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ("", None),
        ("127.0.0.1:3310", ("127.0.0.1", 3310)),
        ("[::1]:3310", ("::1", 3310)),
        ("/run/clamav/clamd.ctl", "/run/clamav/clamd.ctl"),
    ],
)
def test_address_is_a_host_with_its_port_or_a_path(monkeypatch, said, address):
    monkeypatch.setenv("KABINET_CLAMD", said)

    assert env.address("KABINET_CLAMD") == address


@pytest.mark.parametrize("said", ["clamd", ":3310", "host:port"])
def test_address_that_is_none_stops_the_start(monkeypatch, said):
    monkeypatch.setenv("KABINET_CLAMD", said)

    with pytest.raises(env.SettingMissing):
        env.address("KABINET_CLAMD")


@pytest.mark.django_db
def test_without_a_daemon_no_file_waits():
    stored = keep()

    assert (stored.scan, stored.may_be_handed_on) == ("none", True)
    assert jobs_named("infra.scan_file") == []


@pytest.mark.django_db
def test_file_waits_until_it_is_found_clean(virus_scanner):
    stored = keep()
    assert (stored.is_waiting, stored.may_be_handed_on) == (True, False)
    assert [job.args for job in jobs_named("infra.scan_file")] == [{"stored": str(stored.pk)}]

    assert scanned(stored) == "clean"

    assert stored.may_be_handed_on
    assert default_storage.exists(stored.place)
    assert not Event.objects.exists()


@pytest.mark.django_db
def test_infected_file_loses_its_bytes_and_is_told_of(virus_scanner):
    stored = keep(BAD)

    assert scanned(stored) == "infected"

    assert not default_storage.exists(stored.place)
    assert AuditRow.objects.get(act="infra.file_infected").after == "Eicar-Test-Signature"
    assert Event.objects.get().payload == {"file": str(stored.pk)}


@pytest.mark.django_db
def test_job_that_comes_again_finishes_what_was_cut_off(virus_scanner):
    stored = keep(BAD)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(default_storage, "delete", lambda _place: (_ for _ in ()).throw(OSError))
        with pytest.raises(OSError):  # noqa: PT011 - the disk's own word
            scanned(stored)

    scanned(stored)

    assert not default_storage.exists(stored.place)
    assert Event.objects.count() == 1


@pytest.mark.django_db
def test_while_the_daemon_is_down_the_file_waits_and_is_asked_for_again(settings, virus_scanner):
    stored = keep()
    settings.CLAMD = antivirus.nobody()

    with pytest.raises(NotNow):
        scanned(stored)

    stored.refresh_from_db()
    assert stored.is_waiting
    assert NotNow in tasks.SCAN_TRIES.on
    settings.CLAMD = virus_scanner.address
    assert scanned(stored) == "clean"


def test_pauses_between_tries_are_never_in_step(monkeypatch):
    job = type("Job", (), {"attempts": 3})()
    now = clock.technical_now()
    monkeypatch.setattr(clock, "technical_now", lambda: now)
    pauses = {tasks.SCAN_TRIES.get_retry_decision(exception=NotNow("x"), job=job).retry_at for _ in range(5)}

    assert len(pauses) > 1


@pytest.mark.django_db
def test_late_files_are_looked_through_until_the_daemon_fails(settings, virus_scanner):
    late = [keep(), keep(BAD)]
    time.sleep(0.01)
    fresh = keep()

    assert scanning.scan_late(before=ids.made_at(fresh.pk), at=clock.now()) == len(late)

    assert [row.scan for row in StoredFile.objects.order_by("pk")] == ["clean", "infected", "waiting"]
    settings.CLAMD = antivirus.nobody()
    assert scanning.scan_late(before=clock.technical_now() + timedelta(days=1), at=clock.now()) == 0


@pytest.mark.django_db
def test_where_nobody_searches_any_more_waiting_files_are_free(settings, virus_scanner):
    stored = keep()
    settings.CLAMD = None

    assert scanned(stored) == "none"


@pytest.mark.django_db
def test_file_that_went_meanwhile_is_nobodys(virus_scanner):
    stored = keep()
    pk = stored.pk
    stored.delete()

    tasks.scan_file(stored=str(pk))

    assert virus_scanner.commands == []


@pytest.mark.django_db
def test_file_that_waits_too_long_warns(virus_scanner, monkeypatch):
    keep()
    assert health._scans().state is health.State.OK
    later = clock.technical_now() + timedelta(minutes=16)
    monkeypatch.setattr("kabinet.infra.health.clock.technical_now", lambda: later)

    assert health._scans().state is health.State.WARN


@pytest.mark.django_db
def test_state_of_a_search_is_a_known_one():
    stored = keep()

    with pytest.raises(IntegrityError, match="stored_file_scan_is_known"), transaction.atomic():
        StoredFile.objects.filter(pk=stored.pk).update(scan="perhaps")


def test_whole_question_has_a_limit_of_time():
    assert clamd.CONNECT_SECONDS < clamd.SCAN_SECONDS <= 60
