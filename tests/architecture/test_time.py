"""Time comes from one place (DESIGN, «Time»)."""

import ast

import pytest
from django.apps import apps
from django.db import connection

from tests.architecture.sources import ENTRANCES, last_name, sources

CLOCK = "kabinet/infra/clock.py"
# «monotonic» measures, it does not tell the time.
READS_TIME = {
    ("datetime", "now"), ("datetime", "today"), ("datetime", "utcnow"), ("date", "today"), ("timezone", "now"),
    ("timezone", "localdate"), ("timezone", "localtime"), ("time", "time"), ("time", "time_ns"),
}  # fmt: skip
NO_CLOCK = {"services", "selectors", "forms", "schemas", "rules", "values", "formats", "models", "letters", "gateways"}


def is_model_of_ours(model):
    return model.__module__.startswith("kabinet.")


def test_only_the_clock_knows_what_time_it_is():
    found = {
        f"{source}:{node.lineno}"
        for source in sources()
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Attribute) and (last_name(node.value), node.attr) in READS_TIME
    }

    assert {place for place in found if not place.startswith(CLOCK)} == set()
    assert found, "this test has to find at least the clock itself"


def test_only_entrances_import_the_clock():
    reading = {
        str(source)
        for source in sources()
        if source.room not in {"infra", "web"} and source.job in NO_CLOCK
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ImportFrom) and "clock" in {alias.name for alias in node.names}
    }

    assert not NO_CLOCK & ENTRANCES
    assert reading == set()


def fields():
    models = filter(is_model_of_ours, apps.get_models())
    return [(f"{model.__name__}.{field.name}", field) for model in models for field in model._meta.concrete_fields]


@pytest.mark.parametrize("name", ["auto_now", "auto_now_add"])
def test_no_column_takes_the_time_by_itself(name):
    assert [column for column, field in fields() if getattr(field, name, False)] == []


def test_no_time_has_a_default():
    times = [
        (column, field) for column, field in fields() if field.get_internal_type() in {"DateTimeField", "DateField"}
    ]

    assert times
    assert [column for column, field in times if field.has_default()] == []


def test_no_column_is_filled_by_the_database_in_its_model():
    assert [column for column, field in fields() if field.has_db_default()] == []


@pytest.mark.django_db
def test_no_column_is_filled_by_the_database():
    """Identities and generated columns are no defaults."""
    tables = [model._meta.db_table for model in apps.get_models() if is_model_of_ours(model)]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT table_name, column_name, column_default FROM information_schema.columns
            WHERE table_name = ANY(%s) AND column_default IS NOT NULL AND is_generated = 'NEVER'
            """,
            [tables],
        )
        filled = cursor.fetchall()

    assert filled == []


@pytest.mark.parametrize(("column", "field"), fields())
def test_names_tell_instants_from_days(column, field):
    """Instants end in `_at`, days in `_on`, `_from`, `_to`, or are named by what they are."""
    kind = field.get_internal_type()
    if kind == "DateTimeField":
        assert column.endswith(("at", "_from", "_to", "_until"))
    elif kind == "DateField":
        assert not column.endswith("_at")
