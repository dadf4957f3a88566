"""The access matrix: every route, every actor, everything that can be named (TRUST, «Access matrix»)."""

from itertools import groupby

import pytest
from django.apps import apps

from tests.authz.judge import faults_of, faults_of_other_methods
from tests.authz.rows import rows
from tests.authz.town import AWAY, ENDED, FOREIGN, LEFT, OWN

# The mark has a test database made; the town itself stands in a transaction around all tests of this module.
pytestmark = pytest.mark.django_db
# Each process that takes part builds a town of its own.
PROCESSES = 2
# Tables that say whose contract a row is of, and that no page shows: rows of the floor, and memory of what was told.
NEVER_SHOWN = {"infra_event", "infra_auditrow", "readings_reminder"}
# Filled by acts of people alone; the matrix acts and takes back.
FILLED_BY_ACTS = {"contracts_linkrequest", "tickets_ticket", "exchange_message", "readings_windowextension"}


def side_by_side(things, name):
    """Deal the things out to the processes, each with what marks it."""
    for place, thing in enumerate(things):
        yield pytest.param(thing, id=name(thing), marks=pytest.mark.xdist_group(f"matrix-{place % PROCESSES}"))


def by_route():
    return [list(some) for _, some in groupby(sorted(rows(), key=lambda row: row.route), lambda row: row.route)]


def told(faults):
    return f"{len(faults)} faults:\n" + "\n".join(faults)


@pytest.fixture
def counted(asker, request, record_property):
    """Count what the test asks; the sum is printed at the end of the run."""
    before = asker.asked
    yield asker
    record_property("cells", asker.asked - before)


@pytest.mark.spec("ROLE-02")
@pytest.mark.parametrize("row", side_by_side(rows(), str))
def test_row_holds(row, counted, cast, record_property):
    record_property("route", row.route)

    faults = faults_of(row, counted, cast)

    assert not faults, told(faults)


@pytest.mark.parametrize("of_route", side_by_side(by_route(), lambda some: some[0].route))
def test_no_other_method_is_open(of_route, counted, cast):
    faults = faults_of_other_methods(of_route[0].route, of_route, counted, cast)

    assert not faults, told(faults)


def tables_of_contracts():
    """Return every table that says whose contract a row is of."""
    for model in apps.get_models():
        is_ours = model.__module__.startswith("kabinet.") and model._meta.db_table not in NEVER_SHOWN | FILLED_BY_ACTS
        if is_ours and any(field.column == "contract_id" for field in model._meta.local_fields):
            yield model


@pytest.mark.parametrize("home", [OWN, FOREIGN, AWAY, ENDED, LEFT])
@pytest.mark.parametrize("model", tables_of_contracts(), ids=lambda model: model._meta.db_table)
@pytest.mark.xdist_group("matrix-0")
def test_every_table_is_furnished(model, home, inhabited):
    """What a stranger has none of, nobody can be shown by mistake: furniture.py puts some of everything everywhere."""
    town, _ = inhabited

    assert model.objects.filter(contract_id=town.households[home].contract.pk).exists()
