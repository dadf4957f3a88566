"""Tables are without keys while they are filled, and afterwards as they were, whatever happens between."""

import threading

import pytest
from django.db import IntegrityError, OperationalError, connection, connections, transaction

from kabinet.contracts.models import Contract
from kabinet.infra.db import NoTransaction
from kabinet.infra.staging import definitions, without_keys
from kabinet.infra.staging.keys import NotAsBefore
from tests import world

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.spec("BILL-01")]
TABLES = ("contracts_contract", "contracts_supplypoint", "contracts_meter", "contracts_register")


def fetched(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


def indexes_in_order():
    """Return the indexes as they came into being: of two that would do, the planner takes the first."""
    names = ", ".join(f"'{table}'::regclass" for table in TABLES)
    return fetched(
        f"SELECT indrelid::regclass::text, indexrelid::regclass::text FROM pg_index WHERE indrelid IN ({names}) "
        "ORDER BY indrelid, indexrelid"
    )


def test_keys_are_gone_meanwhile_and_as_they_were_afterwards():
    before, order = definitions(TABLES), indexes_in_order()

    with transaction.atomic(), without_keys(TABLES):
        meanwhile = definitions(TABLES)
        role = fetched("SELECT current_user")

    assert {row[0] for row in before} == {"constraint", "index"}
    assert not [row for row in meanwhile if row[0] == "index" or not row[3].startswith(("CHECK", "NOT NULL"))]
    assert (definitions(TABLES), indexes_in_order()) == (before, order)
    # Rows are written by who may write rows alone.
    assert role == fetched("SELECT current_user") == [("kabinet_app",)]


def test_killed_in_the_middle_leaves_everything_as_it_was():
    before, order = definitions(TABLES), indexes_in_order()

    with pytest.raises(OperationalError), transaction.atomic(), without_keys(TABLES):
        killed_without_keys(before)

    connection.close()
    assert (definitions(TABLES), indexes_in_order()) == (before, order)


def killed_without_keys(before):
    assert definitions(TABLES) != before
    kill(fetched("SELECT pg_backend_pid()")[0][0])
    fetched("SELECT 1")


def kill(pid):
    """End a server's process from a connection of its own, as an operator would."""

    def end():
        with connection.cursor() as cursor:
            cursor.execute("SET ROLE NONE")
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
        connections.close_all()

    thread = threading.Thread(target=end)
    thread.start()
    thread.join()


def test_rows_that_break_a_key_take_everything_back():
    w, before = world.provider("w"), definitions(TABLES)

    with (
        pytest.raises(IntegrityError, match="contract_external_id_once"),
        transaction.atomic(),
        without_keys(TABLES),
    ):
        twins(w)

    assert definitions(TABLES) == before
    assert not Contract.objects.exists()


def twins(of):
    """Write two contracts of one name, which the missing key lets pass for now."""
    for _ in range(2):
        world.contract(of, external_id="c1")


def test_key_that_cannot_be_made_as_it_was_takes_everything_back():
    as_the_owner("COMMENT ON CONSTRAINT contract_in_provider ON contracts_contract IS 'a word that is lost'")
    before = definitions(TABLES)

    with pytest.raises(NotAsBefore, match="contract_in_provider"), transaction.atomic(), without_keys(TABLES):
        pass

    assert definitions(TABLES) == before
    as_the_owner("COMMENT ON CONSTRAINT contract_in_provider ON contracts_contract IS NULL")


def as_the_owner(statement):
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE NONE; {statement}; RESET ROLE")


def test_outside_of_a_transaction_nothing_is_taken_away():
    with pytest.raises(NoTransaction), without_keys(TABLES):
        pytest.fail("not reached")
