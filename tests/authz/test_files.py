"""A file of readings that names meters of others: nothing of theirs is written, shown or told from what is nowhere."""

import re
from io import BytesIO

import pytest
from django.test import Client

from kabinet.contracts.models import Meter
from kabinet.readings.models import FileRow, ReadingsFile, Submission
from kabinet.readings.services import marking, reading_files
from kabinet.readings.services.reading_files import Reading
from tests import world
from tests.authz.ask import state, taken_back, unpacked
from tests.authz.town import AWAY, FOREIGN, LEFT, OWN
from tests.readings import books

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("matrix-0")]


@pytest.fixture
def meters(inhabited):
    """Whose meter stands in which row: every household's, and one that is nowhere."""
    town, _ = inhabited
    numbers = {OWN: "910001", FOREIGN: "920002", AWAY: "930003", LEFT: "940004"}
    with taken_back():
        for name, number in numbers.items():
            Meter.objects.filter(external_id=f"{town.households[name].mark}-m1").update(number=number)
        yield {**numbers, "nowhere": "950005"}


def given(town, person, meters):
    """Press the buttons as a person does, and run the jobs; return the file and all that is shown of it."""
    browser, contract = Client(), town.own.contract
    browser.cookies["kabinet"] = person.token
    book = BytesIO(books.book([books.row(meter, "00245", quantity="V", zone="", code="") for meter in meters.values()]))
    book.name = "показания.xlsx"
    address = f"/w/readings/files/{contract.pk}/"
    answer = browser.post(address, {"file": book})
    file = ReadingsFile.objects.exclude(pk=town.own.things["readings_file"]).get(contract=contract)
    assert answer.status_code == 302, answer.content.decode()
    browser.post(f"{answer.url}send/")
    by = world.actor(person.user, contract.provider)
    reading_files.run(file.pk, reading=Reading(world.opened(contract.provider), by, world.NOW, world.TODAY, 0))
    file.refresh_from_db()
    marking.mark(file.pk, round_=file.round, at=world.NOW)
    coloured = browser.get(f"{answer.url}marked/")
    assert coloured["Content-Type"].endswith("spreadsheetml.sheet")
    return file, browser.get(answer.url).content.decode() + unpacked(coloured.getvalue())


def test_meters_of_others_in_a_file_are_as_good_as_none(inhabited, meters):
    town, _ = inhabited
    person = town.people["manager"]
    others = "|".join(town.households[name].things["register"] for name in (FOREIGN, AWAY, LEFT))

    with taken_back():
        before = state(others)
        file, shown = given(town, person, meters)
        touched = [table for table, (_, part) in state(others).items() if part != before[table][1]]
        rows = {row.meter: row for row in FileRow.objects.filter(file_id=file.pk)}
        sent = Submission.objects.filter(value=245).count()

    assert touched == []
    own = rows[meters[OWN]]
    assert (own.fate, sent) == ("sent", 1), own.problems
    strange = [rows[meter] for name, meter in meters.items() if name != OWN]
    assert {(row.fate, *row.problems, *row.suggestions) for row in strange} == {("refused", "not_found")}
    for name in (FOREIGN, AWAY, LEFT):
        assert town.households[name].showed not in shown
        assert not re.search(f"ул. {town.households[name].mark}", shown)
