"""Files of readings by a machine: what a file is told to have sent is there, and nothing else (I8, I9, I30)."""

from io import BytesIO

import pytest
from django.db import connection
from hypothesis import seed
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule, run_state_machine_as_test

from kabinet.kernel.periods import Month
from kabinet.providers.models import BillingPeriod
from kabinet.readings.models import FileRow, Submission
from kabinet.readings.services import files, reading_files
from kabinet.readings.services.files import NotNow
from kabinet.readings.services.reading_files import Reading
from kabinet.readings.services.withdrawing import NothingToWithdraw, PeriodClosed, withdraw
from kabinet.readings.values.files import RowFate
from tests import world
from tests.deep import SEED
from tests.machines.worlds import STEADY, Machine, outcome_of
from tests.readings import books

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at"), pytest.mark.spec("READ-12")]

METERS = ["300111", "300222", "300333"]
# What a meter that showed 1000 may show, an empty cell, and what is no reading.
CELLS = st.one_of(st.integers(1100, 1103).map(str), st.sampled_from(["", "abc", "-7"]))


class Files(Machine):
    """One who sends by files and takes them back, and a book of what holds: value, whose file, what was before."""

    def made(self):
        provider = world.provider("b", policy=books.B_POLICY)
        self.vera = world.person(provider, "vera@example.com")
        contract = world.contract(provider)
        world.link(self.vera, contract)
        for number in METERS:
            books.power_meter(contract, number)
        BillingPeriod.objects.create(provider=provider, month=Month(2026, 10).first, state="open")
        self.holds, self.files, self.gone, self.is_closed = {}, [], set(), False
        return contract

    @property
    def by(self):
        return world.actor(self.vera, self.contract.provider)

    def run(self, file):
        file.refresh_from_db()
        reading = Reading(world.opened(self.contract.provider), self.by, world.NOW, world.TODAY, file.round, ())
        reading_files.run(file.pk, reading=reading)
        file.refresh_from_db()

    @precondition(lambda self: not self.is_closed)
    @rule(cells=st.lists(CELLS, min_size=3, max_size=3), twice=st.booleans())
    def send(self, cells, twice):
        Files.steps += 1
        rows = [books.row(number, cell) for number, cell in zip(METERS, cells, strict=True)]
        text = "\r\n".join(";".join(map(str, line)) for line in (books.HEADERS, *rows)).encode()
        file = files.choose(
            self.contract, BytesIO(text), name="октябрь.csv", media_type="text/csv", by=self.by, at=world.NOW
        )
        files.send(file, by=self.by, at=world.NOW)
        for _ in range(1 + twice):
            self.run(file)

        told = dict(FileRow.objects.filter(file_id=file.pk).values_list("meter", "fate"))
        assert told == {number: self.fate(number, cell) for number, cell in zip(METERS, cells, strict=True)}
        for number, cell in zip(METERS, cells, strict=True):
            if told[number] == RowFate.SENT:
                before = self.holds.get(number)
                self.holds[number] = (int(cell), file.pk, before[0] if before else None)
        self.files.append(file)

    def fate(self, number, cell):
        if not cell:
            return RowFate.EMPTY
        if not cell.isdecimal():
            return RowFate.REFUSED
        return RowFate.UNCHANGED if self.holds.get(number, (None,))[0] == int(cell) else RowFate.SENT

    @precondition(lambda self: self.files)
    @rule(place=st.integers(0, 9))
    def take_back(self, place):
        Files.steps += 1
        file = self.files[place % len(self.files)]
        file.refresh_from_db()
        with connection.cursor() as cursor:
            # It goes with its transaction; here that of the whole world lasts.
            cursor.execute("DROP TABLE IF EXISTS stage_undo")
        own = [number for number, (_, owner, _) in self.holds.items() if owner == file.pk]
        met = outcome_of(lambda: withdraw(file, by=self.by, at=world.NOW))
        if file.pk in self.gone:
            assert isinstance(met, NotNow), met
        elif self.is_closed:
            assert isinstance(met, PeriodClosed | NothingToWithdraw), met
        elif not own:
            assert isinstance(met, NothingToWithdraw), met
        else:
            assert met is None, met
            self.gone.add(file.pk)
            for number in own:
                value, _, before = self.holds.pop(number)
                if before is not None:
                    self.holds[number] = (before, None, value)

    @precondition(lambda self: len(self.files) > 3)
    @rule()
    def close_the_period(self):
        BillingPeriod.objects.filter(provider=self.contract.provider).update(state="closed")
        self.is_closed = True

    @invariant()
    def the_book_is_the_truth(self):
        held = Submission.objects.filter(contract=self.contract, state__in=("sent", "passed", "taken"))
        found = {row.register.meter.number: int(row.value) for row in held.select_related("register__meter")}
        assert found == {number: value for number, (value, _, _) in self.holds.items()}
        assert len(held) == len(found)


def test_files_hold_whatever_is_done(figures, settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "kabinet.infra.storage.DurableFiles", "OPTIONS": {"location": tmp_path}}
    }
    Files.steps = 0
    run_state_machine_as_test(seed(SEED)(Files), settings=STEADY)
    figures(machine_files=Files.steps, broken=0)
