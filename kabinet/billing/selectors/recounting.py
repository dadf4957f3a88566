"""Every charge counted again from what it kept."""

import json
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from django.db.models import TextField
from django.db.models.functions import Cast

from kabinet.billing.models import Charge
from kabinet.billing.rules.recounting import Printed, Uncountable, recounted
from kabinet.providers.values import Resource
from kabinet.tariffs.values import Calculator, ChargeKind

_AT_A_TIME: Final = 5_000
_REMEMBERED: Final = 200_000


def miscounted() -> Iterator[tuple[UUID, UUID]]:
    """Give the contract and id of each charge that comes to other kopecks, or that cannot be counted again.

    Only lines of which billing kept nothing and names no rule are passed over: corrections made by hand.
    """
    made = Charge.objects.exclude(calculator="", kept={}).annotate(written=Cast("kept", TextField()))
    rows = made.values_list(
        "contract_id", "id", "amount", "calculator", "calculator_version", "written", "resource", "kind", "unit",
        "zone", "range_number",
    )  # fmt: skip
    for contract_id, id_, amount, *facts in rows.order_by().iterator(chunk_size=_AT_A_TIME):
        if _recounted(tuple(facts)) != amount:
            yield contract_id, id_


@lru_cache(_REMEMBERED)
def _recounted(facts: tuple[Any, ...]) -> Decimal | None:
    """Count once what thousands of flats ask alike; None where it cannot be counted."""
    name, version, kept, resource, kind, unit, zone, range_number = facts
    printed = Printed(Resource(resource), ChargeKind(kind), unit, zone, range_number)
    try:
        return recounted(printed, calculator=Calculator(name, version or 0), kept=json.loads(kept))
    except Uncountable:
        return None
