"""Statements that are prepared once a connection outlive a migration that changes what they answer."""

from datetime import date

import pytest
from django.db import NotSupportedError, connection, transaction

from kabinet.infra.statements import Statement, attnames, fetch, row_of, together
from kabinet.providers.models import BillingPeriod
from tests import world

pytestmark = pytest.mark.django_db(transaction=True)
ALL = Statement("SELECT * FROM meal WHERE price >= %(least)s", {"least": 1})
COUNTED = Statement("SELECT count(*) FROM meal", {})


@pytest.fixture(autouse=True)
def migrate():
    """Give what runs SQL as the owner by another connection: the driver forgets by itself what its own changes."""
    other = connection.copy()

    def run(sql):
        with other.cursor() as cursor:
            cursor.execute(sql)

    run("SET ROLE NONE")
    run("CREATE TABLE meal AS SELECT 2 AS price")
    run("GRANT SELECT ON meal TO PUBLIC")
    yield run
    run("DROP TABLE meal")
    other.close()


def test_statement_answers_anew_after_its_columns_have_changed(migrate):
    before = fetch(ALL)

    migrate("ALTER TABLE meal ADD COLUMN name text DEFAULT 'soup'")

    assert before == [(2,)]
    assert fetch(ALL) == [(2, "soup")]


def test_several_statements_of_one_round_trip_answer_anew_too(migrate):
    together(ALL, COUNTED)

    migrate("ALTER TABLE meal ADD COLUMN name text DEFAULT 'soup'")

    assert together(ALL, COUNTED) == [[(2, "soup")], [(1,)]]


def test_within_a_transaction_nothing_is_done_twice(migrate):
    fetch(ALL)
    migrate("ALTER TABLE meal ADD COLUMN name text DEFAULT 'soup'")

    with pytest.raises(NotSupportedError), transaction.atomic():
        fetch(ALL)

    assert fetch(ALL) == [(2, "soup")]


def test_row_is_the_one_that_the_framework_makes():
    period = BillingPeriod.objects.create(provider=world.provider("w"), month=date(2026, 10, 1))
    names = attnames(BillingPeriod, "id", "provider_id", "month")
    values = BillingPeriod.objects.values_list(*names).get()

    row, expected = row_of(BillingPeriod, names, values), BillingPeriod.from_db("default", names, values)

    assert row == expected == period
    assert (row._state.adding, row._state.db) == (expected._state.adding, expected._state.db)
    assert row.get_deferred_fields() == expected.get_deferred_fields() != set()
    assert (row.state, row.provider.slug) == (period.state, "w")
