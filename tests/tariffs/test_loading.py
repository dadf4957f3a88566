"""A list of prices is tried, shown and taken, whole or not at all."""

from datetime import date
from decimal import Decimal

import pytest

from kabinet.contracts.values import ContractKind
from kabinet.infra.db import use_case
from kabinet.infra.models import AuditRow
from kabinet.kernel.actors import Actor, ActorKind
from kabinet.kernel.periods import Period
from kabinet.providers.values import Resource
from kabinet.tariffs.models import Norm, PenaltyRate, PriceList, Tariff
from kabinet.tariffs.services import loading
from kabinet.tariffs.services.loading import AlreadyTaken, GivenList, PlanMoved
from kabinet.tariffs.values import Unit
from kabinet.tariffs.values.loading import PriceRow, RateKey
from kabinet.tariffs.values.tables import NormKey, NormKind, TariffKey
from tests import world
from tests.refusals import again, refused

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.spec("STAFF-01")]

WATER = TariffKey(Resource.COLD_WATER, Unit.M3)
JULY, JANUARY = date(2026, 7, 1), date(2027, 1, 1)


def row(key, value, since, until=None, number=2):
    return PriceRow(number, key, Period(since, until), Decimal(value))


def tried(w, *rows):
    given = GivenList("tarify.xlsx", rows)
    by = Actor(ActorKind.STAFF, provider_id=w.pk)
    return use_case(loading.keep)(given, provider=w, by=by, at=world.NOW, today=world.TODAY)


def shown(kept):
    return loading.plan_now(kept, today=world.TODAY)[1]


def taken(w, kept, mark=None):
    by = Actor(ActorKind.STAFF, provider_id=w.pk)
    return use_case(loading.take)(
        kept.pk, shown=mark or shown(kept), provider=w, by=by, at=world.NOW, today=world.TODAY
    )


def stored():
    return list(Tariff.objects.order_by("valid_from").values_list("price", "valid_from", "valid_to"))


def test_trial_changes_nothing_and_the_taking_all(w):
    norm = NormKey(Resource.ELECTRICITY, NormKind.PERSON, "gas_stove", rooms=1, people=2)
    kept = tried(
        w, row(WATER, "39.52", JULY), row(norm, "46", JULY), row(RateKey(ContractKind.HOUSEHOLD), "9.5", JULY, JANUARY)
    )
    assert not Tariff.objects.exists()

    done = taken(w, kept)

    assert stored() == [(Decimal("39.52"), JULY, None)]
    assert (Norm.objects.get().value, Norm.objects.get().people) == (Decimal(46), 2)
    assert PenaltyRate.objects.get().valid_to == JANUARY
    assert (done.added, done.changed) == (3, 0)
    audited = AuditRow.objects.get(act="tariffs.list_taken")
    assert [one["value"] for one in audited.after] == ["39.52", "46", "9.5"]


def test_new_price_ends_the_one_before_and_the_former_list_takes_it_back(w):
    first = tried(w, row(WATER, "39.52", JULY))
    taken(w, first)
    taken(w, tried(w, row(WATER, "42", JANUARY)))
    assert stored() == [(Decimal("39.52"), JULY, JANUARY), (Decimal(42), JANUARY, None)]

    taken(w, tried(w, row(WATER, "39.52", JULY)))

    assert stored() == [(Decimal("39.52"), JULY, None)]


def test_list_is_taken_once(w):
    kept = tried(w, row(WATER, "39.52", JULY))
    taken(w, kept)

    with pytest.raises(AlreadyTaken):
        taken(w, kept)


def test_list_that_was_shown_before_another_was_taken_is_shown_anew(w):
    kept = tried(w, row(WATER, "42", JANUARY))
    mark = shown(kept)
    taken(w, tried(w, row(WATER, "39.52", JULY)))

    with pytest.raises(PlanMoved):
        taken(w, kept, mark)
    taken(w, kept)

    assert [price for price, _, _ in stored()] == [Decimal("39.52"), Decimal(42)]


def test_list_with_a_refused_row_is_not_taken(w):
    kept = tried(w, row(WATER, "39.52", JULY), row(WATER, "40", JANUARY, number=3))

    with pytest.raises(PlanMoved):
        taken(w, kept)

    assert not Tariff.objects.exists()


def test_another_providers_list_is_not_there(w, v):
    kept = tried(w, row(WATER, "39.52", JULY))

    with pytest.raises(PriceList.DoesNotExist):
        taken(v, kept)


def test_list_that_waits_has_changed_nothing(w):
    kept = tried(w, row(WATER, "39.52", JULY))

    refused("list_that_waits_changed_nothing", lambda: again(kept, added=1))
