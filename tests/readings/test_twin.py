"""The hand-written statements beside their twin in the ORM: the same sheets, verdicts and rows."""

from contextlib import suppress
from datetime import date, timedelta

import pytest
from django.db import connection

from kabinet.contracts.models import Meter
from kabinet.contracts.values import Role
from kabinet.infra import ids
from kabinet.infra.models import AuditRow, Event, IdempotencyKey
from kabinet.infra.statements import attnames
from kabinet.providers.models import BillingPeriod
from kabinet.providers.values import Resource
from kabinet.readings.models import Draft, Submission, WindowExtension
from kabinet.readings.selectors.archive import ArchiveQuery, archive_of
from kabinet.readings.selectors.sheets import sheets_of
from kabinet.readings.services import rows
from kabinet.readings.services.sending import NothingSent
from kabinet.readings.services.storing import Going, store
from kabinet.readings.values import Entry, Mistake
from tests import world
from tests.contracts.test_expiry import viewer_of
from tests.readings import twin
from tests.readings.test_services import send, sending_by

RAWS = ["", "abc", "00230", "12", "2341", "243", "900", "90000"]


def household_of_everything(w, anna):
    """Give Anna contracts in every state that a sheet can tell of."""
    for day in (10, 5, 31, 25, None):
        contract = world.contract(w, deadline_day=day)
        world.link(anna, contract)
        for showed in ("00231", None, "99990"):
            world.meter(contract, showed=showed)
        first = world.register_of(contract.meters.order_by("pk")[0])
        for month in range(1, 9):
            world.accepted(first, str(100 + 10 * month), month=f"2026-{month:02d}", taken_on=date(2026, month, 9))
        with suppress(NothingSent):
            send(contract, anna, (first, "243"))
        Draft.objects.create(contract=contract, register=first, month=date(2026, 10, 1), raw="25", saved_at=world.NOW)
    limited = world.contract(w)
    seen, _ = world.meter(limited), world.meter(limited)
    world.link(anna, limited, points=[seen.point_id])
    closed = world.contract(w)
    world.link(anna, closed, role=Role.ACCOUNTANT)
    replaced = world.meter(limited, valid_to=date(2026, 9, 1))
    replaced.replaced_by = seen
    replaced.save()
    Meter.objects.filter(pk=world.meter(contract).pk).update(entry_status="ami")
    world.contract(w)
    return contract


def told(sheet):
    """Say everything that pages and services read of a sheet."""
    return (
        plain(sheet.contract, "id", "customer_name", "deadline_day", "external_id", "provider_id"),
        sheet.window,
        sheet.closed,
        sorted((line_told(line) for line in sheet.lines), key=str),
    )


def line_told(line):
    return (
        plain(line.meter, "id", "number", "make", "verification_due", "external_id", "place", "ratio"),
        plain(line.meter.point, "id", "address"),
        plain(line.register, "id", "external_id", "integer_digits", "fraction_digits", "zone", "quantity"),
        line.replaces, line.previous, line.newest, line.limits, line.draft, line.is_live,
        line.sent and plain(line.sent, "id", "state", "value", "raw", "reason"),
        [line.verdict_on(raw) for raw in RAWS],
    )  # fmt: skip


def plain(row, *names):
    return [getattr(row, name) for name in names]


@pytest.mark.parametrize("days", [-9, -3, 0, 2, 4, 20, 85])
def test_sheets_are_those_of_the_orm(w, anna, days):
    granted = household_of_everything(w, anna)
    today = world.TODAY + timedelta(days=days)
    WindowExtension.objects.create(
        provider=w, contract=granted, month=date(2026, 10, 1), closes_on=date(2026, 11, 20), reason="",
        given_by=anna.pk, given_at=world.NOW,
    )  # fmt: skip
    BillingPeriod.objects.update_or_create(provider=w, month=date(2026, 9, 1), defaults={"state": "closed"})
    viewer, provider = viewer_of(anna, w), world.opened(w)
    facts = {"resource": Resource.COLD_WATER, "today": today}

    found, expected = (reads(viewer, provider, **facts) for reads in (sheets_of, twin.sheets_of))

    assert [told(sheet) for sheet in found] == [told(sheet) for sheet in expected]
    assert len(found) == 6


def test_withdrawn_sending_and_what_came_of_it_count_no_more(contract, register, anna, w):
    world.link(anna, contract)
    send(contract, anna, (register, "243"))
    of_this_month = Submission.objects.get()
    world.accepted(register, "243", month="2026-10", taken_on=world.TODAY, submission_id=of_this_month.id)
    gone = world.accepted(register, "241", month="2026-09", taken_on=date(2026, 9, 20))
    facts = {name: getattr(of_this_month, name) for name in attnames(Submission)}
    taken_back = Submission.objects.create(
        **facts | {"id": ids.new(), "month": date(2026, 9, 1), "key": "before", "state": "withdrawn"}
    )
    world.accepted(register, "242", month="2026-09", taken_on=date(2026, 9, 25), submission_id=taken_back.id)
    viewer, provider = viewer_of(anna, w), world.opened(w)
    facts = {"resource": Resource.COLD_WATER, "today": world.TODAY}

    (found,), (expected,) = (reads(viewer, provider, **facts) for reads in (sheets_of, twin.sheets_of))

    assert told(found) == told(expected)
    assert found.lines[0].previous.value == gone.value


def archive_told(archive):
    """Say everything that the page of the archive reads."""
    return (
        [plain(point, "id", "address") for point in archive.points],
        [
            (plain(part.contract, "id", "customer_name", "customer_number"), sorted(map(archived, part.lines), key=str))
            for part in archive.parts
        ],
    )


def archived(line):
    facts = plain(line, "address", "month", "value", "taken_on", "source", "state", "reason")
    return [*facts, *plain(line.meter, "id", "number")]


@pytest.mark.spec("READ-05")
@pytest.mark.parametrize("since", [date(2026, 1, 1), date(2026, 6, 9), date(2027, 1, 1)])
@pytest.mark.parametrize("pointed", [False, True])
def test_archive_is_that_of_the_orm(w, anna, since, pointed):
    household_of_everything(w, anna)
    sent = Submission.objects.first()
    for month, state in enumerate(["withdrawn", "taken", "taken", "superseded"], start=2):
        of = {"month": date(2026, month, 1), "taken_on": date(2026, month, 8)}
        facts = {name: getattr(sent, name) for name in attnames(Submission)} | of
        row = Submission.objects.create(
            **facts | {"id": ids.new(), "key": f"of {month}", "state": state, "reason": "слова"}
        )
        if month != 3:  # of that one nothing has come yet
            world.accepted(sent.register, "7", **of | {"month": f"2026-{month:02d}"}, submission_id=row.id)
    query = ArchiveQuery(since, date(2026, 10, 30), point=sent.register.meter.point_id if pointed else None)
    viewer = viewer_of(anna, w)

    found, expected = archive_of(viewer, query), twin.archive_of(viewer, query)

    assert archive_told(found) == archive_told(expected)
    assert len(found.points) > 10
    assert bool(found.parts) == (since.year == 2026)


@pytest.mark.spec("READ-05")
def test_archive_without_contracts_asks_nothing(w, anna, django_assert_num_queries):
    viewer = viewer_of(anna, w)

    with django_assert_num_queries(0):
        found = archive_of(viewer, ArchiveQuery(date(2026, 1, 1), date(2026, 10, 30)))

    assert found.points == found.parts == ()


def written():
    """Return what a sending leaves in the tables, without what differs each time."""
    by_time = {"id", "sent_at", "state_at", "at", "bound_at", "uid", "ordinal", "seq", "body_hash"}

    def rows_of(model):
        names = [name for name in attnames(model) if name not in by_time]
        return sorted(repr([_without_ids(getattr(row, name)) for name in names]) for row in model.objects.all())

    return [rows_of(model) for model in (Submission, AuditRow, Event, IdempotencyKey, Draft)]


def _without_ids(value):
    if isinstance(value, dict):
        return {
            name: len(one) if name == "submissions" else _without_ids(one)
            for name, one in value.items()
            if name not in {"submission", "corrects", "sent_at"}
        }
    return value


@pytest.mark.django_db(transaction=True)
def test_rows_are_those_of_the_orm(contract, register, anna, w):
    world.link(anna, contract)
    BillingPeriod.objects.create(provider=w, month=date(2026, 10, 1))
    second = world.register_of(world.meter(contract, showed="99990"))
    viewer, provider = viewer_of(anna, w), world.opened(w)
    left = []

    for write in (twin.store, store):
        (sheet,) = sheets_of(viewer, provider, resource=Resource.COLD_WATER, today=world.TODAY)
        Draft.objects.create(contract=contract, register=register, month=sheet.month.first, raw="1", saved_at=world.NOW)
        sending = sending_by(anna, contract, key="one")
        entries = [
            Entry(register.pk, "00243,7"),
            Entry(second.pk, "00012", frozenset({Mistake.ROLLOVER_SUSPECTED})),
        ]
        outcomes, going = rows.decided(sheet, entries, today=world.TODAY)
        assert write(Going(sheet, going, outcomes, "hash"), sending=sending) is not False
        left.append(written())
        begin_anew()

    assert left[0] == left[1]


def begin_anew():
    """Forget what was sent, as only the owner of the tables may."""
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
        for table in ("readings_submission", "infra_event", "infra_idempotencykey", "readings_draft"):
            cursor.execute(f"DELETE FROM {table}")
        cursor.execute("ALTER TABLE infra_auditrow DISABLE TRIGGER USER")
        cursor.execute("DELETE FROM infra_auditrow")
        cursor.execute("ALTER TABLE infra_auditrow ENABLE TRIGGER USER")
        cursor.execute("SET ROLE kabinet_app")
