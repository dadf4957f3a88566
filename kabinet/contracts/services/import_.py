"""Contracts and what they measure come from billing, whole sets at a time (BILL-01)."""

from typing import Final

from psycopg import sql

from kabinet.infra.db import step
from kabinet.infra.staging import Applied, Merge, Parent, Stage, fetch, run, table_of

_VALIDITY: Final = {"valid_from": "s.valid_from", "valid_to": "s.valid_to"}

HOUSES: Final = Merge(
    "house",
    table="contracts_house",
    columns={
        "address": "s.address",
        "house_type": "s.house_type",
        "settlement": "s.settlement",
        "total_area": "s.total_area",
        "common_area": "s.common_area",
        "has_house_meter": "s.has_house_meter",
        **_VALIDITY,
    },
)
CONTRACTS: Final = Merge(
    "contract",
    table="contracts_contract",
    columns={
        "number": "s.number",
        "kind": "s.kind",
        "customer_name": "s.customer_name",
        "customer_number": "s.customer_number",
        "inn": "s.inn",
        "kpp": "s.kpp",
        "signed_on": "s.signed_on",
        "deadline_day": "s.deadline_day",
        "has_hot_water": "s.has_hot_water",
        "price_category": "s.price_category",
        "emails": "s.emails",
        "ogrn": "s.ogrn",
        "legal_address": "s.legal_address",
        "postal_address": "s.postal_address",
        "phone": "s.phone",
        "bank_name": "s.bank_name",
        "bic": "s.bic",
        "bank_account": "s.bank_account",
        "correspondent_account": "s.correspondent_account",
        "holder_last": "s.holder_last",
        "holder_first": "s.holder_first",
        "holder_middle": "s.holder_middle",
        "house_id": "h.id",
        "area": "s.area",
        "residents": "s.residents",
        "owners": "s.owners",
        "rooms": "s.rooms",
        **_VALIDITY,
    },
    # Not a parent: companies have no house, and an account that was put into a wrong one may leave it.
    beside="""
        LEFT JOIN contracts_house h
             ON h.provider_id = %(provider)s AND h.source = %(source)s AND h.external_id = s.house
    """,
    carried={"house_named": "s.house"},
)
ANNEXES: Final = Merge(
    "annex",
    table="contracts_annex",
    columns={
        "number": "s.number",
        "title": "s.title",
        "signed_on": "s.signed_on",
        "paper_id": "f.id",
        **_VALIDITY,
    },
    parent=Parent("contract", entity="contract", table="contracts_contract", column="contract_id"),
    beside="LEFT JOIN contracts_paper f ON f.id = s.file AND f.provider_id = %(provider)s",
    carried={"file_named": "s.file"},
)
POINTS: Final = Merge(
    "supply_point",
    table="contracts_supplypoint",
    columns={
        "code": "s.code",
        "name": "s.name",
        "address": "s.address",
        "entry_status": "s.entry_status",
        **_VALIDITY,
    },
    parent=Parent("contract", entity="contract", table="contracts_contract", column="contract_id"),
)
METERS: Final = Merge(
    "meter",
    table="contracts_meter",
    columns={
        "number": "s.number",
        "make": "s.make",
        "resource": "s.resource",
        "place": "s.place",
        "ratio": "s.ratio",
        "complex_name": "s.complex_name",
        "verification_due": "s.verification_due",
        "entry_status": "s.entry_status",
        # The meter that came after may stand in the same batch: then it has the id that it was staged with.
        "replaced_by_id": "coalesce(r.id, n.id)",
        **_VALIDITY,
    },
    parent=Parent(
        "supply_point",
        entity="supply_point",
        table="contracts_supplypoint",
        column="point_id",
        brings=("contract_id",),
    ),
    beside="""
        LEFT JOIN contracts_meter r
             ON r.provider_id = %(provider)s AND r.source = %(source)s AND r.external_id = s.replaced_by
        LEFT JOIN stage_meter n ON n.external_id = s.replaced_by
    """,
    carried={"successor": "s.replaced_by"},
    at_birth={"registers_follow": "false"},
)
REGISTERS: Final = Merge(
    "register",
    table="contracts_register",
    columns={
        "quantity": "s.quantity",
        "zone": "s.zone",
        "tariff_number": "s.tariff_number",
        "integer_digits": "s.integer_digits",
        "fraction_digits": "s.fraction_digits",
        "physical_limit_per_day": "s.physical_limit_per_day",
        **_VALIDITY,
    },
    parent=Parent(
        "meter",
        entity="meter",
        table="contracts_meter",
        column="meter_id",
        brings=("contract_id", "registers_follow"),
    ),
    # A register that gives way makes room for the one that takes its days over.
    first="daterange(m.valid_from, m.valid_to) <@ daterange(t.valid_from, t.valid_to)",
)

# Each names rows of the one before.
MEASURED: Final = (CONTRACTS, POINTS, METERS, REGISTERS)

# Almost always each register of a batch is alone at its meter with its quantity and zone, which two looks tell.
_CROWDED: Final = """
    SELECT EXISTS (SELECT FROM {merged} GROUP BY meter_id, quantity, zone HAVING count(*) > 1)
        OR EXISTS (SELECT FROM {merged} m JOIN contracts_register o USING (meter_id, quantity, zone)
                   WHERE o.id <> coalesce(m.old_id, m.id))
"""

# One that changes its zone counts in both: marking a meter too many costs a little, one too few a refused batch.
_FOLLOWED: Final = """
    WITH coming AS (
        SELECT coalesce(old_id, id) AS id, meter_id, quantity, zone FROM {merged}
        WHERE refused_code IS NULL AND version > coalesce(old_version, 0) AND NOT registers_follow
    )
    SELECT DISTINCT meter_id FROM (
        SELECT id, meter_id, quantity, zone FROM coming
        UNION
        SELECT id, meter_id, quantity, zone FROM contracts_register WHERE meter_id IN (SELECT meter_id FROM coming)
    ) each GROUP BY meter_id, quantity, zone HAVING count(DISTINCT id) > 1
"""


@step
def apply(stage: Stage) -> list[Applied]:
    """Bring in houses, contracts, annexes, supply points, meters and registers: what is named before what names it."""
    return [
        *_plain(HOUSES, stage),
        *_contracts(stage),
        *_annexes(stage),
        *_plain(POINTS, stage),
        *_meters(stage),
        *_registers(stage),
    ]


def _plain(merge: Merge, stage: Stage) -> list[Applied]:
    if not stage.holds(merge.entity):
        return []
    merge.resolve(stage)
    return [merge.write(stage)]


def _contracts(stage: Stage) -> list[Applied]:
    if not stage.holds("contract"):
        return []
    CONTRACTS.resolve(stage)
    if CONTRACTS.names_others(stage):
        _refuse_lost_houses(stage)
    return [CONTRACTS.write(stage)]


def _refuse_lost_houses(stage: Stage) -> None:
    lost = "m.house_named IS NOT NULL AND m.house_id IS NULL"
    if stage.holds("house"):
        # A house of the same batch that was refused has been reported; its accounts are left out without a word.
        among = "EXISTS (SELECT FROM {houses} s WHERE s.external_id = m.house_named)"
        CONTRACTS.refuse("", "", f"{lost} AND {among}", houses=table_of("house"))
    CONTRACTS.refuse("house", "unknown_reference", lost)


def _annexes(stage: Stage) -> list[Applied]:
    if not stage.holds("annex"):
        return []
    ANNEXES.resolve(stage)
    ANNEXES.refuse("file", "unknown_file", "m.file_named IS NOT NULL AND m.paper_id IS NULL")
    return [ANNEXES.write(stage)]


def _meters(stage: Stage) -> list[Applied]:
    if not stage.holds("meter"):
        return []
    METERS.resolve(stage)
    if METERS.names_others(stage):
        METERS.refuse("replaced_by", "unknown_reference", "m.successor IS NOT NULL AND m.replaced_by_id IS NULL")
        METERS.refuse("replaced_by", "replaces_itself", "m.replaced_by_id = coalesce(m.old_id, m.id)")
    return [METERS.write(stage)]


def _registers(stage: Stage) -> list[Applied]:
    if not stage.holds("register"):
        return []
    REGISTERS.resolve(stage)
    if fetch(_CROWDED, merged=REGISTERS.merged)[0][0]:
        _refuse_overlapping()
        _let_follow()
    return [REGISTERS.write(stage)]


def _refuse_overlapping() -> None:
    twin = sql.SQL(
        "o.meter_id = m.meter_id AND o.quantity = m.quantity AND o.zone = m.zone "
        "AND daterange(o.valid_from, o.valid_to) && daterange(m.valid_from, m.valid_to)"
    )
    # Beside another row of the batch; a stale one does not count, its stored row does.
    REGISTERS.refuse(
        "valid_from",
        "overlaps",
        """
        EXISTS (SELECT FROM {merged} o WHERE {twin} AND o.line < m.line AND o.refused_code IS NULL
                AND o.version >= coalesce(o.old_version, o.version))
        """,
        twin=twin,
    )
    REGISTERS.refuse(
        "valid_from",
        "overlaps",
        """
        EXISTS (SELECT FROM contracts_register o WHERE {twin} AND o.id <> coalesce(m.old_id, m.id)
                AND NOT EXISTS (SELECT FROM {merged} n WHERE n.old_id = o.id AND n.version >= n.old_version))
        """,
        twin=twin,
    )


def _let_follow() -> None:
    """Mark meters to which a second register of a quantity and zone comes, so that days are compared there."""
    found = [meter for (meter,) in fetch(_FOLLOWED, merged=REGISTERS.merged)]
    if not found:
        return
    # The key takes the meters' registers along; they are locked in the order in which senders lock them.
    fetch("SELECT FROM contracts_register WHERE meter_id = ANY(%(found)s) ORDER BY id FOR UPDATE", {"found": found})
    run("UPDATE contracts_meter SET registers_follow = true WHERE id = ANY(%(found)s)", {"found": found})
    run(
        "UPDATE {merged} SET registers_follow = true WHERE meter_id = ANY(%(found)s)",
        {"found": found},
        merged=REGISTERS.merged,
    )
