"""Whether this installation lives, and whether it may be given work (TRUST 9)."""

import functools
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from kabinet.infra import clock, gate, ids
from kabinet.infra.models import Event, StoredFile
from kabinet.infra.verdicts import ScanState

MEGABYTE: Final = 1024 * 1024
DISK_REFUSES_BELOW: Final = 200 * MEGABYTE
DISK_WARNS_BELOW: Final = 2_000 * MEGABYTE
OLDEST_JOB_SECONDS: Final = 15 * 60
OLDEST_EVENT_SECONDS: Final = 60
OLDEST_SCAN_SECONDS: Final = 15 * 60
# Where one of these is off, what we call kept may be gone after a power cut.
DURABLE: Final = ("fsync", "full_page_writes", "synchronous_commit")


class State(StrEnum):
    """What a finding means for those who send work here."""

    OK = "ok"
    WARN = "warn"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    name: str
    state: State
    facts: Mapping[str, int | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Report:
    """All that was looked at."""

    checks: tuple[Check, ...] = ()

    @property
    def is_ready(self) -> bool:
        return all(check.state is not State.REFUSE for check in self.checks)


def livez() -> Report:
    """Say that the process answers; it asks nobody, least of all the database."""
    return Report()


def readyz() -> Report:
    """Look at everything that work needs.

    Late jobs and events only warn: taking the portals out of service would not make a worker or a relay quicker.
    """
    return Report((_disk(), _crowd(), *_database()))


def _crowd() -> Check:
    """Look whether requests had to be put off; a balancer that took us away for it would crowd the others."""
    put_off, waiting = gate.GATE.put_off_within(60), gate.GATE.waiting()
    return Check("crowd", State.WARN if put_off else State.OK, {"put_off_last_minute": put_off, "waiting": waiting})


def _database() -> tuple[Check, ...]:
    looks: tuple[Callable[[], Check], ...] = (_migrations, _durability, _checksums, _jobs, _events, _scans)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return (Check("database", State.OK), *(look() for look in looks))
    except Error as error:
        return (Check("database", State.REFUSE, {"error": type(error).__name__}),)


def _disk() -> Check:
    folder = Path(settings.DATA_DIR)
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    state = State.REFUSE if free < DISK_REFUSES_BELOW else State.WARN if free < DISK_WARNS_BELOW else State.OK
    return Check("disk", state, {"free_megabytes": free // MEGABYTE})


def _migrations() -> Check:
    missing = len(_known_migrations() - MigrationRecorder(connection).applied_migrations().keys())
    return Check("migrations", State.REFUSE if missing else State.OK, {"missing": missing})


@functools.cache
def _known_migrations() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)


def _durability() -> Check:
    off = [name for name in DURABLE if _setting(name) == "off"]
    return Check("durability", State.REFUSE if off else State.OK, {"off": ", ".join(off)})


def _checksums() -> Check:
    return Check("checksums", State.OK if _setting("data_checksums") == "on" else State.WARN)


def _setting(name: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s)", [name])
        row = cursor.fetchone()
    return str(row[0]) if row else ""


def _jobs() -> Check:
    """Look how long the oldest job that could run has been waiting or running."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT coalesce(extract(epoch FROM now() - min(due)), 0)::bigint FROM (
                SELECT coalesce(
                    j.scheduled_at, (SELECT min(e.at) FROM procrastinate_events e WHERE e.job_id = j.id)
                ) AS due
                FROM procrastinate_jobs j WHERE j.status IN ('todo', 'doing')
            ) jobs WHERE due <= now()
            """
        )
        row = cursor.fetchone()
    seconds = row[0] if row else 0
    return Check("jobs", State.WARN if seconds > OLDEST_JOB_SECONDS else State.OK, {"oldest_seconds": seconds})


def _events() -> Check:
    """Look how long the first event without a number has been waiting for the relay."""
    oldest = Event.objects.filter(seq=None).order_by("ordinal").first()
    seconds = int((clock.technical_now() - ids.made_at(oldest.uid)).total_seconds()) if oldest else 0
    return Check("events", State.WARN if seconds > OLDEST_EVENT_SECONDS else State.OK, {"oldest_seconds": seconds})


def _scans() -> Check:
    """Look how long the oldest file has been waiting to be searched for viruses."""
    oldest = StoredFile.objects.filter(scan=ScanState.WAITING).order_by("pk").first()
    seconds = int((clock.technical_now() - ids.made_at(oldest.pk)).total_seconds()) if oldest else 0
    return Check("scans", State.WARN if seconds > OLDEST_SCAN_SECONDS else State.OK, {"oldest_seconds": seconds})
