"""What is read at a glance is what the careful way reads too, and means the same; whatever else goes that way."""

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kabinet.exchange.formats import ndjson, quick
from kabinet.exchange.formats.faults import Fault
from kabinet.exchange.services.staging import _GETTERS, _kept
from kabinet.exchange.values.entities import ENTITIES
from tests.exchange import rows

pytestmark = pytest.mark.spec("BILL-01")

WHOLE = {
    "contract": rows.contract(
        inn="1831000009", kpp="183101001", deadline_day=9, emails=["a@example.com"], bank_account="4" * 20
    ),
    "annex": rows.annex(signed_on="2020-01-01", file="0198c2a0-0000-7000-8000-000000000001"),
    "supply_point": rows.point(name="Цех", valid_to="2030-01-01"),
    "meter": rows.meter(ratio="40", verification_due="08.10.2030", replaced_by="pu-2", entry_status="awaiting"),
    "register": rows.register(tariff_number=1, physical_limit_per_day="120.5"),
    "billing_period": rows.period(),
    "reading": rows.reading(quality="measured"),
    "sewage_volume": {
        **rows.reading(), "entity": "sewage_volume", "supply_point": "to-1", "register": None,
    },
}  # fmt: skip
del WHOLE["sewage_volume"]["register"]
ODD = [
    "", " ", "a ", " b", "\u00a0x", "x\u2003", "a\u0085", "\x1f", "\x7f", "a\tb", 'q"', "\\", "a\\nb", "null",
    "2020-02-30", "2026-13", "2019-12-31", "01.02.2035", "1,5", "0", "-1", "1.00001", "1e3", "007", "9" * 13,
    "x" * 21, "x" * 41, "ж" * 65, "ж" * 81, "ж" * 201, "ж" * 241, "😀", "A@B.RU", "cold_water", "V",
    "1830000000000001", "183101001", "1831000009", "١٢٣٤٥٦٧٨٩٠", "0198c2a0-0000-7000-8000-000000000001",
    "{0198c2a0-0000-7000-8000-000000000001}", "0198C2A000007000800000000000000A",
    -3, 0, 1, 7, 12, 13, 31, 32, 2**63 - 1, 2**63, 10**30, 1.0, 1.5, 1e400, True, False,
    None, [], ["a@b"], ["A@b"], ["a@b", "a@b"], ["a@b "], [1], [["a@b"]], {}, {"a": 1},
]  # fmt: skip
NAMES = {entity: [*ENTITIES[entity].shape.model_fields, "register", "colour"] for entity in WHOLE}
MUTATED = st.sampled_from(sorted(WHOLE)).flatmap(
    lambda entity: st.tuples(
        st.just(entity),
        st.dictionaries(st.sampled_from(NAMES[entity]), st.sampled_from(ODD) | st.text(max_size=5), max_size=2),
        st.sampled_from(NAMES[entity]),
        st.booleans(),
    )
)


def line_of(mutated):
    entity, changed, dropped, is_dropped = mutated
    row = {**WHOLE[entity], **changed}
    if is_dropped:
        row.pop(dropped, None)
    return json.dumps(row, ensure_ascii=False)


def carefully(block, *, first):
    parsed = list(ndjson.rows_of(block.splitlines(keepends=True), first=first))
    if any(isinstance(item, Fault) for item in parsed):
        return None
    return {
        entity: (
            [line for line, row in parsed if row.entity == entity],
            [_GETTERS[entity](row) for _, row in parsed if row.entity == entity],
        )
        for entity in {row.entity for _, row in parsed}
    }


def at_a_glance(block, *, first):
    sheets = quick.sheets_of(block, first=first)
    if sheets is None:
        return None
    return {sheet.entity: (list(sheet.lines), list(zip(*sheet.columns.values(), strict=True))) for sheet in sheets}


def test_what_comes_by_the_million_is_read_at_a_glance():
    assert set(WHOLE) <= quick.AT_A_GLANCE
    block = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in WHOLE.values()).encode()

    assert at_a_glance(block, first=7) == carefully(block, first=7) is not None


def test_every_field_that_is_kept_is_read():
    for entity in quick.AT_A_GLANCE:
        reading = next(each for each in quick._READINGS.values() if each.entity.name == entity)
        assert [name for name in reading.names if name != "source"] == _kept(ENTITIES[entity])


@pytest.mark.parametrize("entity", WHOLE)
def test_each_field_with_each_oddity(entity):
    for name in NAMES[entity]:
        for odd in ODD:
            block = line_of((entity, {name: odd}, "", False)).encode("utf-8", "surrogatepass")

            glanced = at_a_glance(block, first=1)

            assert glanced is None or glanced == carefully(block, first=1), (name, odd)


@given(st.lists(MUTATED, min_size=1, max_size=3), st.sampled_from(["\n", "\r\n", "\n\n", "", " "]))
@example([("contract", {"number": "a\x00b"}, "number", False)], "\n")
@example([("meter", {}, "ratio", False), ("meter", {}, "ratio", False)], "")
def test_what_is_good_at_a_glance_is_good_and_means_the_same(mutated, end):
    block = end.join(line_of(each) for each in mutated).encode("utf-8", "surrogatepass")

    glanced = at_a_glance(block, first=3)

    assert glanced is None or glanced == carefully(block, first=3)


@pytest.mark.parametrize(
    "block",
    [
        b'{"entity":"billing_period","external_id":"a",\n"version":1,"month":"2026-10","state":"open"}\n',
        b'{"entity":"billing_period","external_id":"a","version":1,"month":"2026-10","state":"open"}' * 2 + b"\n\n",
        b'{"entity":"billing_period","external_id":"\xff","version":1,"month":"2026-10","state":"open"}\n',
        b'{"external_id":"a","version":1,"month":"2026-10","state":"open"}\n',
        b'{"entity":"billing_period","external_id":"a","version":1,"month":"2026-10","state":"open","x":{}}\n',
        b"[" * 2000 + b"\n",
        b"\n",
        b"",
    ],
)
def test_what_is_unusual_is_read_line_by_line(block):
    assert quick.sheets_of(block, first=1) is None
