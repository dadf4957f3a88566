"""A file's rows become submissions by the rules of the page, at once and once (READ-12, READ-11)."""

from io import BytesIO

import pytest

from kabinet.infra import clock
from kabinet.infra.models import AuditRow, Event
from kabinet.readings.models import FileRow, ReadingsFile, Submission
from kabinet.readings.services import files, reading_files
from kabinet.readings.services.reading_files import Reading
from kabinet.readings.values.files import RowFate
from tests import world
from tests.readings import books
from tests.readings.books import power_meter, row

pytestmark = [pytest.mark.django_db, pytest.mark.spec("READ-12")]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def b(db):
    return world.provider("b", policy=books.B_POLICY)


@pytest.fixture
def sender(b):
    return world.person(b, "vera@example.com")


@pytest.fixture
def deal(b, sender):
    contract = world.contract(b)
    world.link(sender, contract)
    return contract


@pytest.fixture
def give(b, deal, sender):
    """Give a file and run its job, as Vera; return its fates by meter and scale."""

    def given(rows, *, data=None, confirmed=(), by=None):
        body = data if data is not None else books.book(rows)
        actor = world.actor(by or sender, b)
        kind = XLSX if body.startswith(b"PK") else "text/csv"
        file = files.choose(deal, BytesIO(body), name="показания.xlsx", media_type=kind, by=actor, at=world.NOW)
        files.send(file, by=actor, at=world.NOW)
        run(file, actor)
        return file

    def run(file, actor, *, confirmed=()):
        file.refresh_from_db()
        reading = Reading(world.opened(b), actor, world.NOW, world.TODAY, file.round, confirmed)
        reading_files.run(file.pk, reading=reading)
        file.refresh_from_db()

    given.run = run
    return given


def fates(file):
    return list(FileRow.objects.filter(file_id=file.pk).order_by("number").values_list("fate", flat=True))


def test_filled_rows_are_sent(give, deal):
    power_meter(deal, "300111")
    power_meter(deal, "300222")

    file = give([row("300111", "1240"), row("300222")])

    assert fates(file) == [RowFate.SENT, RowFate.EMPTY]
    assert [str(s.value) for s in Submission.objects.all()] == ["1240.0000"]
    event = Event.objects.get(kind="readings.sent")
    assert event.payload["value"] == "1240"
    assert AuditRow.objects.filter(act="readings.file_sent").count() == 1
