"""Accepted readings and volumes come from billing, which owns them, closed months included (BILL-01)."""

from typing import Final

from kabinet.infra.db import step
from kabinet.infra.staging import Applied, Merge, Parent, Stage

READINGS: Final = Merge(
    "reading",
    table="readings_reading",
    columns={
        "month": "s.month",
        "taken_on": "s.taken_on",
        "value": "s.value",
        "source": "s.origin",
        "quality": "coalesce(s.quality, '')",
        "submission_id": "s.submission",
    },
    parent=Parent(
        "register", entity="register", table="contracts_register", column="register_id", brings=("contract_id",)
    ),
    source_column="source_system",
    lane="contract_id",
    carried={"digits": "p.integer_digits"},
)


VOLUMES: Final = Merge(
    "sewage_volume",
    table="readings_acceptedvolume",
    columns={
        "month": "s.month",
        "taken_on": "s.taken_on",
        "value": "s.value",
        "source": "s.origin",
        "quality": "coalesce(s.quality, '')",
        "submission_id": "s.submission",
    },
    parent=Parent(
        "supply_point",
        entity="supply_point",
        table="contracts_supplypoint",
        column="point_id",
        brings=("contract_id",),
    ),
    source_column="source_system",
    lane="contract_id",
)


@step
def apply(stage: Stage) -> list[Applied]:
    """Bring in what was accepted; the submission that it came from must be the contract's own."""
    return [
        *([_readings(stage)] if stage.holds("reading") else []),
        *([_volumes(stage)] if stage.holds("sewage_volume") else []),
    ]


def _readings(stage: Stage) -> Applied:
    """Bring in accepted readings; the value must fit the dial."""
    READINGS.resolve(stage)
    READINGS.refuse("value", "too_many_digits", "m.value >= 10::numeric ^ m.digits")
    READINGS.refuse(
        "submission",
        "unknown_submission",
        """
        m.submission_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM readings_submission s WHERE s.contract_id = m.contract_id AND s.id = m.submission_id)
        """,
    )
    return READINGS.write(stage)


def _volumes(stage: Stage) -> Applied:
    VOLUMES.resolve(stage)
    VOLUMES.refuse(
        "submission",
        "unknown_submission",
        """
        m.submission_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM readings_sewagevolume s WHERE s.contract_id = m.contract_id AND s.id = m.submission_id)
        """,
    )
    return VOLUMES.write(stage)
