"""Months of houses come from billing, whole sets at a time (BILL-01, CALC-02)."""

from typing import Final

from psycopg import sql

from kabinet.infra.db import step
from kabinet.infra.staging import Applied, Merge, Parent, Stage

HOUSE_MONTHS: Final = Merge(
    "house_month",
    table="tariffs_housemonth",
    columns={
        "month": "s.month",
        "resource": "s.resource",
        "has_house_meter": "s.has_house_meter",
        "norm": "s.norm",
        "total_area": "s.total_area",
        "common_area": "s.common_area",
        "house_volume": "s.house_volume",
        "nonresidential_volume": "s.nonresidential_volume",
        "norm_volume": "s.norm_volume",
        "meter_volume": "s.meter_volume",
        "utility_volume": "s.utility_volume",
    },
    parent=Parent("house", entity="house", table="contracts_house", column="house_id"),
)
# Another row of the same house, resource and month: beside it in the batch, or stored under another name.
_TWIN: Final = sql.SQL("o.house_id = m.house_id AND o.resource = m.resource AND o.month = m.month")


@step
def apply(stage: Stage) -> list[Applied]:
    """Bring in what houses used."""
    if not stage.holds(HOUSE_MONTHS.entity):
        return []
    HOUSE_MONTHS.resolve(stage)
    HOUSE_MONTHS.refuse(
        "month",
        "duplicate_row",
        "EXISTS (SELECT FROM {merged} o WHERE {twin} AND o.line < m.line AND o.refused_code IS NULL)",
        twin=_TWIN,
    )
    HOUSE_MONTHS.refuse(
        "month",
        "duplicate_row",
        """
        EXISTS (SELECT FROM tariffs_housemonth o WHERE {twin} AND o.id <> coalesce(m.old_id, m.id)
                AND NOT EXISTS (SELECT FROM {merged} n WHERE n.old_id = o.id AND n.version >= n.old_version))
        """,
        twin=_TWIN,
    )
    return [HOUSE_MONTHS.write(stage)]
