"""The statements of a slip read what the ORM reads, through the same eyes (PAY-04, SPEED «Serving»)."""

from datetime import date

import pytest

from kabinet.billing.selectors import slips
from kabinet.contracts.models import SupplyPoint
from kabinet.contracts.values import MembershipValue, Role, Viewer
from kabinet.infra import ids
from kabinet.kernel.periods import Month
from kabinet.readings.models import Submission
from tests import world
from tests.billing import money, twin
from tests.billing.slips import household

pytestmark = [pytest.mark.django_db, pytest.mark.spec("PAY-04")]
SEPTEMBER = Month(2026, 9)


@pytest.fixture
def account(p):
    return household(p)


def eyes(*held, of):
    return Viewer(ids.new(), ids.new(), of, True, "Нина", held)


def both(viewer, account, month=SEPTEMBER):
    found, expected = (each.slip_of(viewer, account.pk, month) for each in (slips, twin))
    assert found == expected
    return found


@pytest.mark.parametrize(
    ("role", "runs"),
    [(Role.MANAGER, 3), (Role.ADMINISTRATOR, 3), (Role.ACCOUNTANT, 0), (Role.ENERGY_ENGINEER, None)],
)
def test_each_role_sees_the_same(account, role, runs):
    slip = both(eyes(MembershipValue(account.pk, role), of=account.provider_id), account)

    assert (len(slip.runs) if slip else None) == runs


@pytest.mark.parametrize(("own", "runs"), [(True, 3), (False, 0)])
def test_readings_are_those_of_ones_own_points(account, own, runs):
    point = SupplyPoint.objects.get().pk if own else ids.new()
    held = MembershipValue(account.pk, Role.MANAGER, frozenset({point}))

    assert len(both(eyes(held, of=account.provider_id), account).runs) == runs


def test_two_memberships_see_the_points_of_both(account):
    point = SupplyPoint.objects.get().pk
    held = [MembershipValue(account.pk, Role.MANAGER, frozenset({one})) for one in (point, ids.new())]

    assert len(both(eyes(*held, of=account.provider_id), account).runs) == 3


def test_stranger_and_another_provider_see_nothing(account, p):
    other = world.household(p, "999888777", flat=7)

    assert both(eyes(MembershipValue(other.pk, Role.MANAGER), of=p.pk), account) is None
    assert both(eyes(MembershipValue(account.pk, Role.MANAGER), of=ids.new()), account) is None
    assert both(eyes(of=p.pk), account) is None


def test_month_without_charges_is_none(account):
    viewer = eyes(MembershipValue(account.pk, Role.MANAGER), of=account.provider_id)

    assert both(viewer, account, Month(2026, 8)) is None


def test_newest_reading_counts_and_one_taken_back_does_not(account):
    register = account.meters.get(resource="hot_water").registers.get()
    world.accepted(register, "37", month="2026-09", taken_on=date(2026, 9, 22))
    world.accepted(register, "99", month="2026-09", taken_on=date(2026, 9, 25), submission_id=taken_back(register).id)
    world.accepted(register, "31", month="2026-07", taken_on=date(2026, 8, 21))

    slip = both(eyes(MembershipValue(account.pk, Role.MANAGER), of=account.provider_id), account)

    (run,) = [run for run in slip.runs if run.resource == "hot_water"]
    assert (run.current, run.previous) == (37, 31)


def taken_back(register):
    return Submission.objects.create(
        contract=register.contract, provider_id=register.provider_id, register=register, month=SEPTEMBER.first,
        raw="99", value=99, taken_on=date(2026, 9, 25), sent_at=world.NOW, actor_kind="customer", channel="portal",
        key="one", state="withdrawn", state_at=world.NOW,
    )  # fmt: skip


def test_account_without_names_or_supply_point_says_what_is_known(p):
    account = world.household(p, "111222334", ("", "", ""), flat=53)
    account.points.all().delete()
    money.charge(account, "10.00")
    money.balance(account, charged="10.00")

    slip = both(eyes(MembershipValue(account.pk, Role.MANAGER), of=p.pk), account)

    assert (slip.payer.name, slip.payer.address) == (account.customer_name, account.house.address)
