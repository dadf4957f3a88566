"""What the database itself forbids (STYLE, habit 15): a write that breaks one named constraint, and no other."""

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, models, transaction

from kabinet.infra import ids


def refused(name: str, act: Callable[[], object]) -> None:
    """Ask that the act is refused, and by this constraint."""
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        act()
    cause = refusal.value.__cause__
    assert isinstance(cause, psycopg.Error)
    assert cause.diag.constraint_name == name


def again(row: models.Model, **changed: Any) -> models.Model:
    """Write the row once more under an id of its own, with what is changed."""
    computed = {field.attname for field in row._meta.concrete_fields if field.generated}
    facts = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    kept = {name: value for name, value in facts.items() if name not in computed}
    return type(row)._default_manager.create(**(kept | {"id": ids.new()} | changed))
