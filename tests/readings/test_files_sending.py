"""A file's rows become submissions by the rules of the page, at once and once (READ-12, READ-11)."""

from io import BytesIO

import pytest

from kabinet.contracts.models import Membership
from kabinet.exchange.values.wire import ReadingsSent
from kabinet.infra.models import AuditRow, Event
from kabinet.providers.models import BillingPeriod
from kabinet.readings.models import FileRow, ReadingsFile, Submission
from kabinet.readings.services import files, reading_files, sending
from kabinet.readings.services.reading_files import Reading
from kabinet.readings.services.sending import Sending
from kabinet.readings.values import Entry
from kabinet.readings.values.files import RowFate
from tests import world
from tests.readings import books
from tests.readings.books import power_meter, row
from tests.refusals import refused

pytestmark = [pytest.mark.django_db, pytest.mark.spec("READ-12")]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def give(b, deal, vera):
    """Give a file and run its job, as Vera; return its fates by meter and scale."""

    def given(rows, *, data=None, confirmed=(), by=None):
        body = data if data is not None else books.book(rows)
        actor = world.actor(by or vera, b)
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
    assert event.payload["value"] == "1240.00"
    assert AuditRow.objects.filter(act="readings.file_sent").count() == 1


def test_same_file_again_changes_nothing(give, deal):
    power_meter(deal, "300111")
    rows = [row("300111", "1240")]
    give(rows)

    again = give(rows)

    assert fates(again) == [RowFate.UNCHANGED]
    assert Submission.objects.count() == 1


def test_newer_value_corrects_the_older(give, deal):
    power_meter(deal, "300111")
    give([row("300111", "1240")])

    give([row("300111", "1250")])

    old, new = Submission.objects.order_by("value")
    assert (old.state, new.state, new.corrects) == ("superseded", "sent", old.id)


def test_job_that_runs_twice_sends_once(give, deal, vera, b):
    power_meter(deal, "300111")
    file = give([row("300111", "1240")])
    reading = Reading(world.opened(b), world.actor(vera, b), world.NOW, world.TODAY, 0)

    reading_files.run(file.pk, reading=reading)

    assert FileRow.objects.count() == Submission.objects.count() == 1


@pytest.mark.spec("READ-11")
def test_meter_goes_whole_or_not_at_all(give, deal):
    power_meter(deal, "300111", [("A+", "day"), ("A+", "night"), ("R+", "single")])
    power_meter(deal, "300222")

    file = give(
        [
            row("300111", "1240", zone="День"),
            row("300111", "", zone="Ночь"),
            row("300111", "1100", quantity="R+", zone="Сутки"),
            row("300222", "1010"),
        ]
    )

    assert fates(file) == [RowFate.HELD, RowFate.REFUSED, RowFate.HELD, RowFate.SENT]
    told = list(FileRow.objects.filter(file_id=file.pk).order_by("number").values_list("problems", "facts"))
    assert told[:3] == [(["incomplete"], "A+/night"), (["fill_in"], ""), (["incomplete"], "A+/night")]


@pytest.mark.spec("READ-11")
def test_scale_that_is_not_in_the_file_holds_its_meter(give, deal):
    power_meter(deal, "300111", [("A+", "day"), ("A+", "night")])

    assert fates(give([row("300111", "1240", zone="День")])) == [RowFate.HELD]
    assert Submission.objects.count() == 0


@pytest.mark.spec("READ-11")
def test_scale_that_was_sent_before_need_not_be_repeated(give, deal):
    power_meter(deal, "300111", [("A+", "day"), ("A+", "night")])
    give([row("300111", "1240", zone="День"), row("300111", "1100", zone="Ночь")])

    file = give([row("300111", "1250", zone="День"), row("300111", "", zone="Ночь")])

    assert fates(file) == [RowFate.SENT, RowFate.EMPTY]


@pytest.mark.parametrize(
    ("cells", "fate", "problems"),
    [
        ({"meter": "999999", "value": "1"}, RowFate.REFUSED, ["not_found"]),
        ({"meter": "300111", "value": "1 240,5"}, RowFate.SENT, []),
        ({"meter": "№ 0300111", "value": "1240"}, RowFate.SENT, []),
        ({"meter": "300111", "value": "1240", "quantity": "А+"}, RowFate.SENT, []),
        ({"meter": "300111", "value": "1240", "quantity": "активная, приём"}, RowFate.SENT, []),
        ({"meter": "300111", "value": "1240", "quantity": "R+"}, RowFate.REFUSED, ["no_such_register"]),
        ({"meter": "300111", "value": "NaN"}, RowFate.REFUSED, ["not_a_number"]),
        ({"meter": "300111", "value": "1e+308"}, RowFate.REFUSED, ["not_a_number"]),
        ({"meter": "300111", "value": "-5"}, RowFate.REFUSED, ["negative"]),
        ({"meter": "300111", "value": "12400000"}, RowFate.REFUSED, ["too_many_digits"]),
        ({"meter": "300111", "value": "30000"}, RowFate.TO_CONFIRM, ["consumption_too_high"]),
        ({"meter": "300111", "value": "999"}, RowFate.TO_CONFIRM, ["less_than_previous"]),
        ({"meter": "300111", "value": "=H2+240"}, RowFate.TO_CONFIRM, ["less_than_previous", "formula"]),
    ],
)
def test_fate_of_a_row(give, deal, cells, fate, problems):
    power_meter(deal, "300111")

    file = give([row(cells.pop("meter"), cells.pop("value"), **cells)])

    assert list(FileRow.objects.values_list("fate", "problems")) == [(fate, problems)]
    assert file.counts == {fate: 1}


def test_register_in_two_rows_is_refused_with_the_other_place(give, deal):
    power_meter(deal, "300111")

    file = give([row("300111", "1240"), row("300111", "1250")])

    assert fates(file) == [RowFate.REFUSED, RowFate.REFUSED]
    assert list(FileRow.objects.order_by("number").values_list("facts", flat=True)) == ["Показания!I3", "Показания!I2"]


def test_meters_of_one_number_are_told_apart_by_their_points(give, deal):
    first = power_meter(deal, "300111", code="0000777")
    power_meter(deal, "300111", code="0000888")

    file = give([row("300111", "1240", code="777"), row("300111", "1300", code="")])

    assert fates(file) == [RowFate.SENT, RowFate.REFUSED]
    assert Submission.objects.get().register.meter == first


@pytest.mark.parametrize(
    ("number", "typed"),
    [("0003001", 3001), ("AB-1200", "АВ-1200"), ("МС 77", "MC-77")],
    ids=["zeros lost", "Cyrillic typed", "Latin typed"],
)
def test_meter_is_found_however_its_number_is_spelled(give, deal, number, typed):
    power_meter(deal, number)

    file = give([row(typed, "1240")])

    assert fates(file) == [RowFate.SENT]


@pytest.mark.spec("ROLE-02")
def test_meter_of_another_customer_is_as_unknown_as_one_that_is_not(give, deal, b):
    power_meter(deal, "300111")
    power_meter(world.contract(b), "300999")
    power_meter(world.contract(world.provider("v")), "300888")

    file = give([row("300111", "1240"), row("300999", "1240"), row("300888", "1240"), row("777777", "1240")])

    assert fates(file) == [RowFate.SENT, *[RowFate.REFUSED] * 3]
    told = list(FileRow.objects.filter(fate=RowFate.REFUSED).values_list("problems", "facts", "register_id"))
    assert told == [told[0]] * 3
    assert told[0][0] == ["not_found"]
    assert Submission.objects.get().register.contract_id == deal.pk


def test_meter_that_is_not_awaited_takes_nothing(give, deal):
    power_meter(deal, "300111", entry_status="ami")

    give([row("300111", "1240")])

    assert FileRow.objects.get().problems == ["entry_closed"]


def test_limit_to_points_hides_the_other_meters(give, deal, b):
    seen = power_meter(deal, "300111")
    power_meter(deal, "300222")
    limited = world.person(b, "gleb@example.com")
    world.link(limited, deal, points=[seen.point_id])

    file = give([row("300111", "1240"), row("300222", "1240")], by=limited)

    assert fates(file) == [RowFate.SENT, RowFate.REFUSED]
    assert list(FileRow.objects.order_by("number").values_list("problems", flat=True)) == [[], ["not_found"]]


def test_closed_period_takes_nothing(give, deal, b):
    power_meter(deal, "300111")
    BillingPeriod.objects.create(provider=b, month=world.TODAY.replace(day=1), state="closed")

    give([row("300111", "1240")])

    assert FileRow.objects.get().problems == ["period_closed"]


def test_confirmed_doubt_is_sent_with_what_was_confirmed(give, deal, vera, b):
    power_meter(deal, "300111", [("A+", "day"), ("A+", "night")])
    file = give([row("300111", "30000", zone="День"), row("300111", "1100", zone="Ночь")])
    assert fates(file) == [RowFate.TO_CONFIRM, RowFate.HELD]
    files.confirm(file, [0], by=world.actor(vera, b), at=world.NOW)

    give.run(file, world.actor(vera, b), confirmed=[0])

    assert fates(file) == [RowFate.SENT, RowFate.SENT]
    assert Submission.objects.get(value=30000).confirmed == ["consumption_too_high"]
    assert file.counts == {"sent": 2}


def test_role_that_ended_meanwhile_refuses_the_file(give, deal, vera, b):
    power_meter(deal, "300111")
    file = files.choose(
        deal, BytesIO(books.book([row("300111", "1240")])), name="f.xlsx", media_type=XLSX,
        by=world.actor(vera, b), at=world.NOW,
    )  # fmt: skip
    files.send(file, by=world.actor(vera, b), at=world.NOW)
    Membership.objects.update(ended_at=world.NOW)

    give.run(file, world.actor(vera, b))

    assert (file.state, file.problem) == ("refused", "no_access")
    assert Submission.objects.count() == 0


def test_file_in_the_basket_is_not_sent(deal, vera, b):
    by = world.actor(vera, b)
    file = files.choose(deal, BytesIO(b"a;b"), name="f.csv", media_type="text/csv", by=by, at=world.NOW)
    files.discard(file, by=by, at=world.NOW)

    with pytest.raises(files.NotNow):
        files.send(file, by=by, at=world.NOW)


def test_refused_file_says_why():
    provider = world.provider("b", policy=books.B_POLICY)
    contract = world.contract(provider)
    person = world.person(provider, "vera@example.com")
    world.link(person, contract)
    file = files.choose(
        contract, BytesIO(b"a;b"), name="f.csv", media_type="text/csv", by=world.actor(person, provider), at=world.NOW
    )

    refused("refused_file_says_why", lambda: ReadingsFile.objects.filter(pk=file.pk).update(state="refused"))


@pytest.mark.parametrize("name", ['7"8', "7\\8", "7\\n", "7\t8", "7\n8", "№ 7", "\\N", "7'8"])
def test_billing_reads_its_own_names_whatever_signs_they_have(give, deal, name):
    meter = power_meter(deal, "300111")
    meter.registers.update(external_id=f"r{name}")
    type(meter).objects.filter(pk=meter.pk).update(external_id=name)
    type(deal).objects.filter(pk=deal.pk).update(external_id=f"c{name}")

    give([row("300111", "1240")])

    told = Event.objects.get(kind="readings.sent").payload
    assert (told["contract"], told["meter"], told["register"]) == (f"c{name}", name, f"r{name}")


def test_written_facts_are_those_of_the_page(give, deal, vera, b):
    """The twin: the same value sent on the page leaves the same facts, audit apart."""
    power_meter(deal, "300111")
    meter = power_meter(deal, "300222")
    by = world.actor(vera, b)
    act = Sending(world.opened(b), key="page", by=by, at=world.NOW, today=world.TODAY)
    sending.submit(deal, [Entry(meter.registers.get().pk, "1240,7")], sending=act)

    give([row("300111", "1240,7")])

    different = {"id", "register_id", "key"}
    paged, filed = (
        {name: value for name, value in facts.items() if name not in different}
        for facts in Submission.objects.order_by("-key").values()
    )
    assert paged == filed
    shapes = [ReadingsSent.model_validate(event.payload) for event in Event.objects.filter(kind="readings.sent")]
    assert len({(shape.value, shape.previous, shape.taken_on, shape.sent_at, shape.confirmed) for shape in shapes}) == 1
