"""Keeping and sending volumes on a real database."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connections
from django.db.utils import IntegrityError, ProgrammingError

from kabinet.contracts.models import SupplyPoint
from kabinet.contracts.services.access import EmailUnconfirmed, NotAllowed, NotSeen
from kabinet.contracts.values import Role
from kabinet.infra import ids
from kabinet.infra.idempotency import KeyReused
from kabinet.infra.models import AuditRow, Event, IdempotencyKey
from kabinet.kernel.periods import Month
from kabinet.providers.models import BillingPeriod
from kabinet.readings.models import AcceptedVolume, SewageVolume, VolumeDraft
from kabinet.readings.selectors.volumes import volume_sheet_of
from kabinet.readings.services import volumes
from kabinet.readings.services.sending import NothingSent, Sending
from kabinet.readings.values import Entry, Fate, Mistake
from tests import world

OCTOBER = Month(2026, 10)


@pytest.fixture
def contract(contract):
    contract.has_hot_water = True
    contract.save(update_fields=["has_hot_water"])
    return contract


@pytest.fixture
def point(contract):
    return contract.points.get()


def sending_by(user, contract, *, key=None, today=world.TODAY):
    provider = world.opened(contract.provider)
    by = world.actor(user, contract.provider)
    return Sending(provider, key=key or str(ids.new()), by=by, at=world.NOW + (today - world.TODAY), today=today)


def send(contract, user, *rows, **facts):
    entries = [Entry(point.pk, raw, frozenset(confirmed)) for point, raw, *confirmed in rows]
    return volumes.submit(contract, entries, sending=sending_by(user, contract, **facts))


def accepted(point, value, *, month, **changed):
    of = point.contract
    facts = {
        "source_system": "billing", "external_id": f"v{month}", "version": 1, "month": Month.parse(month).first,
        "taken_on": Month.parse(month).day(8), "value": Decimal(value), "source": "customer",
    }  # fmt: skip
    return AcceptedVolume.objects.create(contract=of, provider_id=of.provider_id, point=point, **(facts | changed))


def sheet(contract, *, points=None):
    return volume_sheet_of(contract, world.opened(contract.provider), points=points, today=world.TODAY)


@pytest.mark.spec("READ-04")
def test_sent_volume_is_stored_as_typed_with_audit_and_event(contract, point, anna):
    world.link(anna, contract)

    (outcome,) = send(contract, anna, (point, "7,125"))

    volume = SewageVolume.objects.get()
    assert outcome.fate is Fate.SENT
    assert (volume.raw, volume.value, volume.month) == ("7,125", Decimal("7.125"), OCTOBER.first)
    assert (volume.taken_on, volume.actor_id, volume.state) == (world.TODAY, anna.pk, "sent")
    assert AuditRow.objects.filter(act="readings.volumes_sent", contract_id=contract.pk).count() == 1
    payload = Event.objects.get(kind="readings.volume_sent").payload
    assert (payload["supply_point"], payload["value"], payload["month"]) == (point.external_id, "7.125", "2026-10")


@pytest.mark.spec("READ-04")
def test_rows_that_may_go_go_and_the_others_say_why(contract, point, anna):
    world.link(anna, contract)
    wrong = world.meter(contract).point

    outcomes = send(contract, anna, (point, "7"), (wrong, "-7"))

    assert [(outcome.fate, outcome.problems) for outcome in outcomes] == [
        (Fate.SENT, ()),
        (Fate.REFUSED, (Mistake.NEGATIVE,)),
    ]
    assert SewageVolume.objects.count() == 1


def test_unusual_volume_goes_once_it_is_confirmed(contract, point, anna):
    world.link(anna, contract)

    with pytest.raises(NothingSent) as doubt:
        send(contract, anna, (point, "900"))
    (outcome,) = send(contract, anna, (point, "900", Mistake.CONSUMPTION_TOO_HIGH))

    assert doubt.value.outcomes[0].fate is Fate.TO_CONFIRM
    assert outcome.fate is Fate.SENT
    assert SewageVolume.objects.get().confirmed == [Mistake.CONSUMPTION_TOO_HIGH]


@pytest.mark.spec("READ-02", "READ-04")
@pytest.mark.parametrize("days_later", [-1, 5])
def test_outside_the_window_nothing_goes(contract, point, anna, days_later):
    world.link(anna, contract)

    with pytest.raises(NothingSent) as refusal:
        send(contract, anna, (point, "7"), today=world.TODAY + timedelta(days=days_later))

    assert refusal.value.outcomes[0].problems == (Mistake.WINDOW_CLOSED,)


@pytest.mark.spec("BILL-02")
def test_period_closed_by_billing_takes_nothing(contract, point, anna):
    world.link(anna, contract)
    BillingPeriod.objects.create(provider=contract.provider, month=OCTOBER.first, state="closed")

    with pytest.raises(NothingSent) as refusal:
        send(contract, anna, (point, "7"))

    assert refusal.value.outcomes[0].problems == (Mistake.PERIOD_CLOSED,)


@pytest.mark.spec("READ-04")
def test_correction_is_a_new_row_that_names_the_old(contract, point, anna, boris):
    world.link(anna, contract)
    world.link(boris, contract)
    send(contract, anna, (point, "7"))

    send(contract, boris, (point, "8"))

    old, new = SewageVolume.objects.order_by("value")
    assert (old.state, new.state, new.corrects) == ("superseded", "sent", old.id)


def test_same_key_and_rows_are_one_sending(contract, point, anna):
    world.link(anna, contract)

    first = send(contract, anna, (point, "7"), key="one")
    again = send(contract, anna, (point, "7"), key="one")

    assert first == again
    assert SewageVolume.objects.count() == 1


def test_same_key_with_other_rows_shows_what_was_sent(contract, point, anna):
    world.link(anna, contract)
    send(contract, anna, (point, "7"), key="one")

    with pytest.raises(KeyReused) as reused:
        send(contract, anna, (point, "8"), key="one")

    assert reused.value.accepted["outcomes"][0]["raw"] == "7"


def test_refused_sending_stores_nothing_and_keeps_its_key(contract, point, anna):
    world.link(anna, contract)
    with pytest.raises(NothingSent):
        send(contract, anna, (point, "abc"), key="one")

    assert not IdempotencyKey.objects.exists()
    assert send(contract, anna, (point, "7"), key="one")[0].fate is Fate.SENT


@pytest.mark.spec("ROLE-02")
def test_stranger_accountant_and_unconfirmed_send_nothing(contract, point, anna, clara, w):
    world.link(anna, contract, role=Role.ACCOUNTANT)
    newcomer = world.person(w, "new@example.com", confirmed=False)
    world.link(newcomer, contract)

    with pytest.raises(NotAllowed):
        send(contract, anna, (point, "7"))
    with pytest.raises(NotSeen):
        send(contract, clara, (point, "7"))
    with pytest.raises(EmailUnconfirmed):
        send(contract, newcomer, (point, "7"))
    assert not SewageVolume.objects.exists()


@pytest.mark.spec("ROLE-02")
def test_engineer_sends(contract, point, anna):
    world.link(anna, contract, role=Role.ENERGY_ENGINEER)

    assert send(contract, anna, (point, "7"))[0].fate is Fate.SENT


def test_point_of_another_contract_is_not_yours(contract, point, anna):
    world.link(anna, contract)
    foreign = world.meter(world.contract(contract.provider, has_hot_water=True)).point

    outcomes = send(contract, anna, (point, "7"), (foreign, "7"))

    assert outcomes[1].problems == (Mistake.NOT_YOURS,)
    assert not SewageVolume.objects.filter(point=foreign).exists()


def test_role_limited_to_a_point_sends_that_point_alone(contract, point, anna):
    other = world.meter(contract).point
    world.link(anna, contract, points=[point.pk])

    outcomes = send(contract, anna, (point, "7"), (other, "7"))

    assert [outcome.fate for outcome in outcomes] == [Fate.SENT, Fate.REFUSED]


def test_contract_without_hot_water_takes_no_volume(contract, point, anna):
    world.link(anna, contract)
    contract.has_hot_water = False

    with pytest.raises(NothingSent) as refusal:
        send(contract, anna, (point, "7"))

    assert refusal.value.outcomes[0].problems == (Mistake.NOT_YOURS,)


def test_point_out_of_service_takes_no_volume(contract, point, anna):
    world.link(anna, contract)
    SupplyPoint.objects.filter(pk=point.pk).update(entry_status="disconnected")

    with pytest.raises(NothingSent) as refusal:
        send(contract, anna, (point, "7"))

    assert refusal.value.outcomes[0].problems == (Mistake.ENTRY_CLOSED,)


def test_where_hot_meters_are_known_their_points_alone_are_asked(contract, point):
    hot = world.meter(contract, showed="00036", resource="hot_water")

    (line,) = sheet(contract).lines

    assert line.point == hot.point
    assert (line.meter.number, line.meter.showed) == (hot.number, Decimal(36))


@pytest.mark.spec("READ-04")
def test_previous_is_the_newest_of_counted_and_sent(contract, point, anna):
    world.link(anna, contract)
    accepted(point, "5", month="2026-08")
    accepted(point, "6", month="2026-09")

    (line,) = sheet(contract).lines
    assert (line.previous.value, line.previous.is_accepted) == (Decimal(6), True)

    send(contract, anna, (point, "7"))
    (line,) = volume_sheet_of(contract, world.opened(contract.provider), points=None, today=date(2026, 11, 9)).lines
    assert (line.previous.value, line.previous.is_accepted) == (Decimal(7), False)


def test_usual_grows_with_what_was_counted(contract, point):
    accepted(point, "40", month="2026-09")

    (line,) = sheet(contract).lines

    assert line.usual == 120


@pytest.mark.spec("READ-04")
def test_draft_is_shared_and_gone_when_sent(contract, point, anna, boris):
    world.link(anna, contract)
    world.link(boris, contract)
    by = world.actor(anna, contract.provider)

    for _ in range(2):
        assert volumes.save(contract, [Entry(point.pk, "7x")], month=OCTOBER, by=by, at=world.NOW) == 1
    assert sheet(contract).lines[0].draft == "7x"
    assert AuditRow.objects.filter(act="readings.volumes_kept").count() == 1
    send(contract, boris, (point, "7"))

    assert not VolumeDraft.objects.exists()


def test_draft_of_a_foreign_point_is_not_kept(contract, point, anna):
    world.link(anna, contract, points=[point.pk])
    foreign = world.meter(world.contract(contract.provider, has_hot_water=True)).point
    closed = world.meter(contract).point
    entries = [Entry(foreign.pk, "7"), Entry(closed.pk, "7")]

    kept = volumes.save(contract, entries, month=OCTOBER, by=world.actor(anna, contract.provider), at=world.NOW)

    assert (kept, VolumeDraft.objects.count()) == (0, 0)


def test_emptied_draft_is_forgotten(contract, point, anna):
    world.link(anna, contract)
    by = world.actor(anna, contract.provider)
    volumes.save(contract, [Entry(point.pk, "7")], month=OCTOBER, by=by, at=world.NOW)

    volumes.save(contract, [Entry(point.pk, " ")], month=OCTOBER, by=by, at=world.NOW)

    assert not VolumeDraft.objects.exists()


def test_facts_of_a_volume_cannot_be_changed(contract, point, anna):
    world.link(anna, contract)
    send(contract, anna, (point, "7"))

    with pytest.raises(ProgrammingError, match="permission denied"):
        SewageVolume.objects.update(value=1)


def test_database_itself_forbids_two_effective_volumes(contract, point, anna):
    world.link(anna, contract)
    send(contract, anna, (point, "7"))
    twin = SewageVolume.objects.get()
    twin.id, twin.key = ids.new(), "another"
    twin.pk = (twin.contract_id, twin.id)

    with pytest.raises(IntegrityError, match="one_effective_volume"):
        twin.save(force_insert=True)


@pytest.mark.django_db(transaction=True)
def test_ten_equal_sends_at_once_are_one(contract, point, anna):
    world.link(anna, contract)
    act = sending_by(anna, contract, key="one")

    def press(_):
        try:
            return volumes.submit(contract, [Entry(point.pk, "7")], sending=act)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(press, range(10)))

    assert all(answer == answers[0] for answer in answers)
    assert SewageVolume.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_leave_one_effective_volume(contract, point, anna, boris):
    world.link(anna, contract)
    world.link(boris, contract)

    def press(turn):
        try:
            return send(contract, turn[0], (point, turn[1]))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(press, [(anna, "7"), (boris, "8")]))

    assert sorted(SewageVolume.objects.values_list("state", flat=True)) == ["sent", "superseded"]
