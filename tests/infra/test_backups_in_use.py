"""Who restores over a database has it to himself; his own pool is nobody else."""

from io import StringIO

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from kabinet.contracts.models import Contract
from tests.infra.test_backups import as_owner, backup, files, filled

__all__ = ["as_owner", "files", "filled"]

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("at", "as_owner", "filled")]


def test_database_in_use_is_left_alone(tmp_path):
    made = backup(tmp_path / "backups")
    known = connection.settings_dict
    other = psycopg.connect(dbname=known["NAME"], **{
        key.lower(): known[key] for key in ("HOST", "PORT", "USER", "PASSWORD") if known[key]
    })  # fmt: skip

    with other, pytest.raises(CommandError, match=r"\(1 connections\). Nothing was changed. Stop the portal first"):
        call_command("restore", made.folder, over=True)


@pytest.fixture
def pool_of_two():
    """Let the process that restores have a pool, as in real use."""
    options = connection.settings_dict["OPTIONS"]
    before = options["pool"]
    yield lambda: (connection.close(), options.update(pool={"min_size": 2, "max_size": 2}))
    connection.close()
    connection.close_pool()
    options["pool"] = before


def test_own_pool_is_nobody_else(contract, pool_of_two, tmp_path):
    made = backup(tmp_path / "backups")
    Contract.objects.update(customer_name="после копии")
    pool_of_two()

    call_command("restore", made.folder, over=True, stdout=StringIO())

    assert not Contract.objects.filter(customer_name="после копии").exists()
