"""The pool's connections after the server has ended them: nobody meets a dead one, or waits for its turn."""

from collections import Counter
from copy import deepcopy

import pytest
from django.db import OperationalError, connection

from config.settings import POOL
from kabinet.infra.postgres.base import DatabaseWrapper

SIZE = 8


@pytest.fixture
def pooled():
    """Give what takes connections from a full pool of its own, with the patience that the portal has."""
    settings = deepcopy(connection.settings_dict)
    settings["CONN_HEALTH_CHECKS"] = False
    settings["OPTIONS"]["pool"] = {**POOL, "min_size": SIZE, "max_size": SIZE}
    wrapper = DatabaseWrapper(settings)
    wrapper.pool.open(wait=True)
    yield wrapper
    wrapper.close()
    wrapper.close_pool()


@pytest.fixture
def owner():
    """Give what asks the database as its owner by another connection."""
    other = connection.copy()

    def ask(sql, *parameters):
        with other.cursor() as cursor:
            cursor.execute("SET ROLE NONE")
            cursor.execute(sql, parameters)
            return cursor.fetchall()

    yield ask
    other.close()


def served_by(pooled):
    """Do as a request does: take a connection, ask, give it back; return who has answered."""
    try:
        with pooled.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            return cursor.fetchone()[0]
    except OperationalError:
        return None
    finally:
        pooled.close()


@pytest.mark.django_db(transaction=True)
def test_connections_that_the_server_has_ended_are_met_by_nobody(pooled, owner):
    before = {served_by(pooled) for _ in range(SIZE)}

    owner("SELECT pg_terminate_backend(pid, 5000) FROM unnest(%s) AS ended (pid)", list(before))
    after = Counter(served_by(pooled) for _ in range(SIZE))

    assert len(before) == SIZE
    assert None not in after
    assert not before & set(after)


@pytest.mark.django_db(transaction=True)
def test_one_ended_connection_costs_the_others_nothing(pooled, owner):
    before = {served_by(pooled) for _ in range(SIZE)}
    ended, *_ = before

    owner("SELECT pg_terminate_backend(%s, 5000)", ended)
    after = {served_by(pooled) for _ in range(SIZE)}

    assert not {ended, None} & after
    assert len(before & after) >= SIZE - 2
