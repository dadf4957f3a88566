"""Names that stand in two places stand in both: jobs, events, constraints, tables."""

import ast
import re

import pytest
from django.apps import apps
from django.db import connection, models
from procrastinate.contrib.django import app

from kabinet.infra import events
from tests.architecture.sources import ROOT, calls, first_text, last_name, sources

# Heavy tables: their keys begin with the contract, nothing points at them, they have no triggers (SPEED, Citus).
HEAVY = {
    "readings_submission", "readings_reading", "readings_sewagevolume", "readings_acceptedvolume", "readings_filerow",
    "billing_charge", "billing_payment", "billing_balance",
}  # fmt: skip
TRIGGERS = {("infra_auditrow", "audit_only_grows")}


def jobs():
    """Return the names of our jobs with the modules that hold them."""
    return {
        name: task.func.__module__ for name, task in app.tasks.items() if task.func.__module__.startswith("kabinet.")
    }


def enqueued():
    texts = [(source, first_text(source, call)) for source in sources() for call in calls(source, "enqueue")]
    assert None not in {text for _, text in texts}, "a job is enqueued by a name that cannot be read here"
    return {text for _, text in texts}


def scheduled():
    return {task.task.name for task in app.periodic_registry.periodic_tasks.values()}


def test_every_job_that_is_enqueued_exists():
    assert enqueued() <= jobs().keys()


def test_every_job_is_enqueued_or_scheduled():
    assert jobs().keys() == enqueued() | (scheduled() & jobs().keys())


@pytest.mark.parametrize(("name", "module"), sorted(jobs().items()))
def test_job_is_named_by_its_room(name, module):
    assert module == f"kabinet.{name.partition('.')[0]}.tasks"


def emitted():
    return {
        first_text(source, call)
        for source in sources()
        for call in calls(source, "emit")
        if last_name(call.func) == "emit"
    }


def texts_outside_of_events():
    return {
        node.value
        for source in sources()
        if source.path.name != "events.py" and source.job != "handlers"
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def test_every_event_that_is_emitted_is_in_the_list():
    assert emitted() <= events.KINDS


def test_every_kind_of_event_is_written_by_somebody():
    assert not events.KINDS - texts_outside_of_events()


def test_every_handler_names_a_kind_of_the_list():
    for source in sources():
        if source.job == "handlers":
            kinds = [first_text(source, call) for call in calls(source, "on")]
            assert kinds, source
            assert set(kinds) <= events.KINDS


def test_events_are_named_by_their_room():
    rooms = {source.room for source in sources()}

    assert {kind.partition(".")[0] for kind in events.KINDS} <= rooms


def our_models():
    return [model for model in apps.get_models() if model.__module__.startswith("kabinet.")]


def constraint_names():
    return {constraint.name for model in our_models() for constraint in model._meta.constraints}


def test_every_constraint_has_a_test_that_names_it():
    tests = [path for path in (ROOT / "tests").rglob("test_*.py") if path.name != "test_names.py"]
    words = set(re.findall(r"\w+", "\n".join(path.read_text(encoding="utf-8") for path in tests)))

    assert constraint_names() - words == set(), "a constraint needs a test that breaks it"


def test_heavy_tables_have_composite_keys():
    composite = {
        model._meta.db_table: tuple(field.name for field in model._meta.pk_fields)
        for model in our_models()
        if isinstance(model._meta.pk, models.CompositePrimaryKey)
    }

    assert composite.keys() == HEAVY
    assert {key[0] for key in composite.values()} <= {"contract", "contract_id"}


@pytest.mark.django_db
@pytest.mark.parametrize("table", sorted(HEAVY))
def test_every_unique_index_of_a_heavy_table_holds_the_contract(table):
    indexes = query(
        """
        SELECT i.indexrelid::regclass::text,
               array(SELECT attname::text FROM pg_attribute WHERE attrelid = i.indrelid AND attnum = ANY(i.indkey))
        FROM pg_index i WHERE i.indrelid = %s::regclass AND i.indisunique
        """,
        table,
    )

    assert indexes
    assert [name for name, columns in indexes if "contract_id" not in columns] == []


@pytest.mark.django_db
def test_nothing_points_at_a_heavy_table():
    pointed_at = query("SELECT DISTINCT confrelid::regclass::text FROM pg_constraint WHERE contype = 'f'")

    assert not HEAVY & {table for (table,) in pointed_at}


@pytest.mark.django_db
def test_the_audits_trigger_is_the_only_one():
    triggers = query(
        """
        SELECT tgrelid::regclass::text, tgname::text FROM pg_trigger
        WHERE NOT tgisinternal AND tgrelid::regclass::text NOT LIKE 'procrastinate%%'
        """
    )

    assert set(triggers) == TRIGGERS


@pytest.mark.django_db
def test_every_table_of_ours_has_a_key():
    keyless = query(
        """
        SELECT c.relname FROM pg_class c
        WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
        AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary)
        """
    )

    assert keyless == []


def query(statement, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters or None)
        return cursor.fetchall()


def test_invariants_name_tests_that_exist():
    named = set(re.findall(r"`(test_\w+)`", (ROOT / "docs" / "invariants.md").read_text(encoding="utf-8")))
    tests = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))

    assert named
    assert {name for name in named if f"def {name}(" not in tests} == set()


def test_invariants_name_constraints_that_exist():
    text = (ROOT / "docs" / "invariants.md").read_text(encoding="utf-8")
    named = set(re.findall(r"constraint `(\w+)`", text)) | set(re.findall(r"constraint `\w+`, `(\w+)`", text))

    assert named
    assert named <= constraint_names()
