"""What lies under a contract cannot stray to another one, whoever writes it; registers of a meter share no day."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from kabinet.contracts.models import Meter, Register, SupplyPoint
from tests import world

pytestmark = pytest.mark.django_db

KEYS = {
    "contract_of_house": "house_in_provider",
    "supply_point_of_contract": "contract_in_provider",
    "annex_of_contract": "contract_in_provider",
    "annex_of_paper": "paper_in_provider",
    "meter_of_supply_point": "supply_point_in_contract",
    "register_of_meter": "meter_in_contract",
    "reading_of_register": "register_in_contract",
    "accepted_volume_of_supply_point": "supply_point_in_contract",
    "submission_of_its_register": "register_in_contract",
    "volume_of_supply_point": "supply_point_in_contract",
}


def changing(row, **changed):
    """Return the name of what forbids the change."""
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        type(row).objects.filter(pk=row.pk).update(**changed)
    return refusal.value.__cause__.diag.constraint_name


def following(of, *, since, until=None, follows=True):
    first = of.registers.get(external_id__startswith="r")
    return Register.objects.create(
        contract=of.contract, meter=of, provider=of.provider, source="billing", external_id=f"next-{since}", version=1,
        quantity=first.quantity, zone=first.zone, integer_digits=5, fraction_digits=0,
        valid_from=since, valid_to=until, registers_follow=follows,
    )  # fmt: skip


def refused_name(of, **facts):
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        following(of, **facts)
    return refusal.value.__cause__.diag.constraint_name


def test_each_key_points_at_the_whole_name_of_the_row_above():
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT conname::text, conindid::regclass::text FROM pg_constraint
            WHERE contype = 'f' AND conname = ANY(%s)
            """,
            [list(KEYS)],
        )
        assert dict(cursor.fetchall()) == KEYS


def test_row_cannot_stand_under_another_contract(w):
    own, other = world.contract(w), world.contract(w)
    meter = world.meter(own)
    reading = meter.registers.get().reading_set.get()

    assert changing(meter.point, contract=other) == "meter_of_supply_point"
    assert changing(meter, contract=other) == "meter_of_supply_point"
    assert changing(meter.registers.get(), contract=other) in {"register_of_meter", "reading_of_register"}
    assert changing(reading, contract=other) == "reading_of_register"


def test_row_cannot_be_of_another_provider(w, v):
    meter = world.meter(world.contract(w))

    assert changing(meter.contract, provider=v) == "supply_point_of_contract"
    assert changing(SupplyPoint.objects.get(), provider=v) in {"supply_point_of_contract", "meter_of_supply_point"}
    assert changing(meter, provider=v) in {"meter_of_supply_point", "register_of_meter"}
    assert changing(meter.registers.get(), provider=v) in {"register_of_meter", "reading_of_register"}


def test_account_cannot_stand_in_a_house_of_another_provider(p, v):
    account = world.household(p)

    assert changing(account, house=world.house(v)) == "contract_of_house"


def test_meter_whose_registers_do_not_follow_has_one_a_zone(w):
    meter = world.meter(world.contract(w))

    assert refused_name(meter, since=date(2026, 5, 1), follows=False) == "one_register_a_zone"


def test_register_follows_only_where_its_meter_says_so(w):
    meter = world.meter(world.contract(w))

    assert refused_name(meter, since=date(2026, 5, 1)) == "register_of_meter"


def test_meter_takes_its_registers_along(w):
    meter = world.meter(world.contract(w))

    Meter.objects.filter(pk=meter.pk).update(registers_follow=True)

    assert meter.registers.get().registers_follow


def test_registers_that_follow_share_no_day(w):
    meter = world.meter(world.contract(w))
    Meter.objects.filter(pk=meter.pk).update(registers_follow=True)
    meter.registers.update(valid_to=date(2026, 5, 1))

    following(meter, since=date(2026, 5, 1), until=date(2026, 8, 1))

    assert refused_name(meter, since=date(2026, 7, 31)) == "registers_that_follow_share_no_day"
    assert following(meter, since=date(2026, 8, 1)).registers_follow
