"""A file is taken back: what held before holds again, billing is told, a closed period stands (READ-12)."""

from datetime import date
from io import BytesIO

import pytest

from kabinet.exchange.values.wire import FEED_KINDS, ReadingsSent, ReadingWithdrawn
from kabinet.infra.models import AuditRow, Event
from kabinet.kernel.periods import Month
from kabinet.providers.models import BillingPeriod
from kabinet.readings.models import FileRow, ReadingsFile, Submission
from kabinet.readings.selectors.history import known_of
from kabinet.readings.selectors.registers import stands_of
from kabinet.readings.services import files, reading_files
from kabinet.readings.services.files import NotNow
from kabinet.readings.services.reading_files import Reading
from kabinet.readings.services.withdrawing import NothingToWithdraw, PeriodClosed, withdraw
from tests import world
from tests.readings.books import book, power_meter, row

pytestmark = [pytest.mark.django_db, pytest.mark.spec("READ-12")]


@pytest.fixture
def by(vera, b):
    return world.actor(vera, b)


@pytest.fixture
def give(deal, by, b):
    def given(*rows):
        file = files.choose(
            deal, BytesIO(book(rows)), name="f.xlsx", by=by, at=world.NOW,
            media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        )  # fmt: skip
        files.send(file, by=by, at=world.NOW)
        reading_files.run(file.pk, reading=Reading(world.opened(b), by, world.NOW, world.TODAY, 0))
        file.refresh_from_db()
        return file

    return given


def test_reading_without_an_earlier_one_is_withdrawn_and_billing_told(give, deal, by):
    meter = power_meter(deal, "300111")
    file = give(row("300111", 1240))

    withdraw(file, by=by, at=world.NOW)

    assert Submission.objects.get().state == "withdrawn"
    event = Event.objects.get(kind="readings.withdrawn")
    told = ReadingWithdrawn.model_validate(event.payload)
    assert (told.register_, told.meter) == (meter.registers.get().external_id, meter.external_id)
    assert "readings.withdrawn" in FEED_KINDS
    assert FileRow.objects.get().fate == "withdrawn"
    assert AuditRow.objects.filter(act="readings.file_withdrawn").count() == 1


def test_earlier_reading_holds_again_as_a_correction(give, deal, by):
    power_meter(deal, "300111")
    give(row("300111", 1240))
    second = give(row("300111", 1250))

    withdraw(second, by=by, at=world.NOW)

    effective = Submission.objects.get(state="sent")
    assert effective.value == 1240
    assert effective.corrects == Submission.objects.get(value=1250).id
    told = ReadingsSent.model_validate(Event.objects.order_by("ordinal").last().payload)
    assert (told.value, told.corrects) == (1240, effective.corrects)
    assert FileRow.objects.get(file_id=second.pk).fate == "restored"


def test_refused_earlier_reading_does_not_hold_again(give, deal, by):
    power_meter(deal, "300111")
    give(row("300111", 1240))
    second = give(row("300111", 1250))
    Submission.objects.filter(value=1240).update(reason="не похоже", reason_code="other")

    withdraw(second, by=by, at=world.NOW)

    assert set(Submission.objects.values_list("value", "state")) == {(1240, "superseded"), (1250, "withdrawn")}


def test_what_was_corrected_since_is_left_alone(give, deal, by):
    power_meter(deal, "300111")
    first = give(row("300111", 1240))
    give(row("300111", 1250))

    with pytest.raises(NothingToWithdraw):
        withdraw(first, by=by, at=world.NOW)
    assert Submission.objects.get(state="sent").value == 1250


def test_taken_back_twice_is_taken_back_once(give, deal, by):
    power_meter(deal, "300111")
    file = give(row("300111", 1240))
    withdraw(file, by=by, at=world.NOW)

    with pytest.raises(NotNow):
        withdraw(file, by=by, at=world.NOW)
    assert Event.objects.filter(kind="readings.withdrawn").count() == 1


def test_closed_period_stands(give, deal, by, b):
    power_meter(deal, "300111")
    file = give(row("300111", 1240))
    BillingPeriod.objects.filter(provider=b).update(state="closed")

    with pytest.raises(PeriodClosed):
        withdraw(file, by=by, at=world.NOW)
    assert Submission.objects.get().state == "sent"


def test_same_file_may_be_sent_after_it_was_taken_back(give, deal, by):
    power_meter(deal, "300111")
    withdraw(give(row("300111", 1240)), by=by, at=world.NOW)

    again = give(row("300111", 1240))

    assert again.counts == {"sent": 1}
    assert ReadingsFile.objects.count() == 2


def test_reading_that_billing_took_counts_no_more_once_taken_back(give, deal, by):
    register = power_meter(deal, "300111").registers.get()
    file = give(row("300111", 1240))
    taken = Submission.objects.get()
    world.accepted(register, "1240", month="2026-10", taken_on=date(2026, 10, 9), submission_id=taken.id)
    Submission.objects.update(state="taken")

    withdraw(file, by=by, at=world.NOW)

    november = Month.parse("2026-11")
    assert known_of(deal.pk, [register.pk], month=november)[register.pk].previous.value == 1000
    assert stands_of(deal.pk, [str(register.pk)], month=november)[str(register.pk)].previous.value == 1000
