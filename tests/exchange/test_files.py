"""Files of every sort, hostile ones too: each gets an answer with its line, none an error 500."""

import gzip
import io
import json

import pytest

from kabinet.contracts.models import Contract
from kabinet.exchange.formats import ndjson, packing, table
from kabinet.exchange.formats.faults import Fault
from kabinet.exchange.values.entities import ENTITIES, SupplyPoint
from tests.exchange import rows
from tests.exchange.test_batches import problems_of

pytestmark = pytest.mark.spec("BILL-01")

CSV = "external_id;version;number;kind;customer_name;has_hot_water;deadline_day;valid_from\r\n"
LINE = "dog-1;1;ХВС-17;business;ООО «Ромашка; и сын»;true;;01.01.2020\r\n".replace(
    "ООО «Ромашка; и сын»", '"ООО «Ромашка; и сын»"'
)


@pytest.mark.django_db
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251"])
def test_table_is_read_in_each_encoding(billing, encoding):
    response = billing.send_file((CSV + LINE).encode(encoding), key="one", media="text/csv; entity=contract")

    assert response.status_code == 200, response.content.decode()
    stored = Contract.objects.get()
    assert (stored.customer_name, stored.has_hot_water, stored.deadline_day) == ("ООО «Ромашка; и сын»", True, None)
    assert (str(stored.valid_from), stored.source) == ("2020-01-01", "billing")


@pytest.mark.django_db
@pytest.mark.parametrize("encoding", ["cp1251", "windows-1251"])
def test_table_in_the_named_encoding(billing, encoding):
    media = f"text/csv; charset={encoding}; entity=contract"

    assert billing.send_file((CSV + LINE).encode("cp1251"), key="one", media=media).status_code == 200


@pytest.mark.django_db
def test_packed_file_is_unpacked(billing):
    body = gzip.compress("\n".join(json.dumps(row) for row in rows.whole_contract()).encode())

    response = billing.send_file(body, key="one", **{"content-encoding": "gzip"})

    assert response.status_code == 200, response.content.decode()


@pytest.mark.django_db
def test_bomb_is_refused_before_it_is_unpacked(billing):
    bomb = gzip.compress(b" " * 1000 + b"\n", mtime=0) * 20_000 + gzip.compress((b" " * 60_000 + b"\n") * 3_000)

    response = billing.send_file(bomb, key="one", **{"content-encoding": "gzip"})

    assert (response.status_code, response.json()["code"]) == (413, "too_large")
    assert response.json()["details"]["problems"][0]["code"] == "packed_too_densely"


@pytest.mark.django_db
def test_body_and_unpacked_size_have_limits(billing, settings):
    settings.EXCHANGE_BODY_MB, settings.EXCHANGE_UNPACKED_MB = 0, 1
    body = gzip.compress(b"x")

    packed = billing.send_file(body, key="one", **{"content-encoding": "gzip"})
    plain = billing.send_file(b"\n" * 1_048_577, key="two")
    settings.EXCHANGE_BODY_MB = 1
    unpacked = billing.send_file(
        gzip.compress(bytes(range(32, 127)) * 20_000), key="three", **{"content-encoding": "gzip"}
    )

    assert [answer.status_code for answer in (packed, plain, unpacked)] == [413, 413, 422]


@pytest.mark.django_db
def test_rubbish_is_answered_line_by_line(billing):
    response = billing.send(rows.contract(), b"\xff\xfe<<< \x00", b"[]", b"7", b'{"entity": "contract"', b"null")

    assert [(problem[0], problem[-1]) for problem in problems_of(response)] == [
        (line, "bad_json") for line in (2, 3, 4, 5, 6)
    ]
    assert Contract.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changed", "field", "code"),
    [
        ({"number": None}, "number", "wrong_type"),
        ({"number": " "}, "number", "empty"),
        ({"number": "1" * 41}, "number", "too_long"),
        ({"number": "a\x00b"}, "number", "wrong_form"),
        ({"kind": "физлицо"}, "kind", "unknown_code"),
        ({"inn": "123"}, "inn", "wrong_form"),
        ({"inn": "١٢٣٤٥٦٧٨٩٠"}, "inn", "wrong_form"),
        ({"deadline_day": "10"}, "deadline_day", "wrong_type"),
        ({"deadline_day": 32}, "deadline_day", "out_of_range"),
        ({"has_hot_water": "да"}, "has_hot_water", "wrong_type"),
        ({"valid_from": "2026-02-30"}, "valid_from", "wrong_day"),
        ({"valid_from": "2026-W01-1"}, "valid_from", "wrong_day"),
        ({"valid_from": 20260101}, "valid_from", "wrong_day"),
        ({"valid_to": "2020-01-01"}, "valid_to", "ends_before_start"),
        ({"version": 0}, "version", "out_of_range"),
        ({"version": 2**63}, "version", "out_of_range"),
        ({"version": 1.5}, "version", "wrong_type"),
        ({"version": True}, "version", "wrong_type"),
        ({"external_id": ""}, "external_id", "empty"),
        ({"source": "crm"}, "source", "foreign_source"),
        ({"entity": "gift"}, "entity", "unknown_entity"),
        ({"colour": "red"}, "colour", "unknown_field"),
    ],
)
def test_wrong_field_is_named(billing, changed, field, code):
    response = billing.send(rows.contract(**changed))

    assert [problem[3:] for problem in problems_of(response)] == [(field, code)]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("value", "code"),
    [(231, "wrong_number"), (231.5, "wrong_number"), ("1e3", "wrong_number"), ("NaN", "wrong_number"),
     ("", "wrong_number"),
     ("-1", "out_of_range"), ("1.00001", "too_many_decimals"), ("9999999999999", "out_of_range")],
)  # fmt: skip
def test_wrong_number_is_named(billing, value, code):
    response = billing.send(rows.reading(value=value))

    assert [problem[3:] for problem in problems_of(response)] == [("value", code)]


@pytest.mark.django_db
def test_comma_and_russian_day_are_read(billing):
    response = billing.send(*rows.whole_contract()[:-1], rows.reading(value="231,5", taken_on="08.09.2026"))

    assert response.status_code == 200, response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("body", "media"),
    [
        (b"a\x00;version\n1;1\n", "text/csv; entity=house"),
        (b"external_id;version\na\x00;1;1\n", "text/csv; entity=house"),
        (b"external_id;version;entity\na\x00;1;meter\n", "text/csv; entity=house"),
        (b'{"entity": "house", "external_id": "a\\u0000"}', "application/x-ndjson"),
        (b'{"entity": "house", "a\\u0000": 1}', "application/x-ndjson"),
        (b'{"entity": "a\\u0000"}', "application/x-ndjson"),
    ],
)
def test_names_with_a_sign_that_no_database_keeps_are_told_without_it(billing, body, media):
    answer = billing.send_file(body, key="nul", media=media)

    assert answer.status_code == 422
    assert "\ufffd" in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("body", [b"\n\n", b"\xef\xbb\xbf", b"external_id;version\n"])
def test_empty_file_is_refused(billing, body):
    media = "text/csv; entity=contract" if b";" in body else "application/x-ndjson"

    response = billing.send_file(body, key="one", media=media)

    assert [problem[-1] for problem in problems_of(response)] == ["empty_file"]


@pytest.mark.django_db
def test_report_shows_so_many_problems_and_no_more(billing):
    response = billing.send(*[b"rubbish"] * 3_000)

    assert len(problems_of(response)) == 1000


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("body", "problems"),
    [
        (b"external_id;colour\n", [(1, "contract", "", "colour", "unknown_field")]),
        (b"version;version\n", [(1, "contract", "", "version", "twice_in_header")]),
        (b'external_id\n"x\n', [(2, "contract", "", "", "bad_csv")]),
        (b"external_id\na;b\n", [(2, "contract", "a", "", "too_many_cells")]),
        (b"entity;external_id\nmeter;a\n", [(2, "contract", "a", "entity", "other_entity")]),
        (b"external_id\n\x98\n", [(2, "contract", "", "", "bad_encoding")]),
    ],
)  # fmt: skip
def test_wrong_table_is_answered(billing, body, problems):
    response = billing.send_file(body, key="one", media="text/csv; entity=contract")

    assert problems_of(response) == problems


@pytest.mark.parametrize("entity", list(ENTITIES))
def test_every_entity_has_columns_for_a_table(entity):
    assert {"external_id", "version"} <= set(table.field_names(entity))


def test_rows_survive_writing_and_reading():
    row = SupplyPoint(external_id="1", version=1, contract="д;1", code="7", address='дом "1"', valid_from="2020-01-01")

    from_table = table.rows_of(
        table.text_from([row], entity="supply_point").encode().splitlines(keepends=True), entity="supply_point"
    )
    from_lines = ndjson.rows_of(ndjson.lines_from([row]))

    assert list(from_table) == [(2, row)]
    assert list(from_lines) == [(1, row)]


def test_line_has_a_limit():
    lines = packing.lines_of(io.BytesIO(b"short\n" + b"x" * 70_000), packed=False, limits=packing.Limits())

    with pytest.raises(packing.Unreadable) as broken:
        list(lines)

    assert (broken.value.code, broken.value.line) == ("line_too_long", 2)


@pytest.mark.parametrize("body", [gzip.compress(b"x\n")[:-4], b"x\n", gzip.compress(b"x\n") + b"rubbish"])
def test_broken_archive_is_named(body):
    lines = packing.lines_of(io.BytesIO(body), packed=True, limits=packing.Limits())

    with pytest.raises(packing.Unreadable) as broken:
        list(lines)

    assert broken.value.code == "bad_gzip"


def test_deep_nesting_is_a_fault_of_its_line():
    assert list(ndjson.rows_of([b"[" * 60_000])) == [Fault(1, "", "", "", "bad_json")]
