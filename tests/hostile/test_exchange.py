"""The exchange is sent batches, tables and numbers that no billing system writes: each is refused by a code."""

import json
import random
from typing import Any

import pytest

from kabinet.exchange.values.entities import ENTITIES
from tests.deep import SEED, count
from tests.exchange import rows
from tests.exchange.conftest import TOKEN, Billing, billing
from tests.hostile.words import HAND_MADE, word

__all__ = ["billing"]

pytestmark = [pytest.mark.django_db, pytest.mark.spec("BILL-01")]

BATCHES = count(gate=20, deep=1200)
ROWS = 12
GOOD = [*rows.whole_contract(), rows.house(), rows.house_month(), rows.annex(), rows.period(), *rows.month_of_money()]
ODD: list[Any] = [
    *HAND_MADE,
    None,
    True,
    False,
    0,
    -1,
    1.5,
    2**63,
    10**400,
    1e308,
    [],
    {},
    [[]],
    ["a"] * 1000,
    {"a": {"b": []}},
]
NAMES = sorted({name for entity in ENTITIES.values() for name in entity.shape.model_fields} | {"", "__class__", "\x00"})


def spoiled(chance):
    """Return a row of some entity with a few fields that are not as its description says."""
    row = dict(chance.choice(GOOD))
    for _ in range(chance.choice((0, 1, 1, 2))):
        row[chance.choice(NAMES)] = chance.choice(ODD)
    if chance.random() < 0.1:
        row.pop(chance.choice(sorted(row)))
    return json.dumps(row, ensure_ascii=chance.random() < 0.5).encode("utf-8", "surrogatepass")


def body_of(chance):
    lines = [spoiled(chance) for _ in range(ROWS)]
    body = bytearray(b"\n".join(lines))
    for _ in range(chance.choice((0, 0, 1, 2))):
        place = chance.randrange(len(body))
        body[place : place + chance.choice((0, 1, 40))] = word(chance).encode("utf-8", "surrogatepass")[:60]
    return bytes(body)


def is_told(answer):
    """Say whether it is an answer for programs: a report, or a code with its sentence."""
    told = answer.json()
    return answer.status_code < 500 and ("entities" in told or bool(told["code"] and told["message"]))


def test_batches_are_taken_or_refused_by_a_code(billing, figures):
    chance = random.Random(f"{SEED} batches")
    for turn in range(BATCHES):
        query = chance.choice(["", "?dry_run=1", "?dry_run=1&entity=contract", f"?entity={turn}", "?dry_run=\x00"])
        media = chance.choice(["application/x-ndjson", "application/x-ndjson", "text/csv", "text/csv; charset=cp1251"])
        packed = {"content-encoding": "gzip"} if chance.random() < 0.1 else {}
        body = body_of(chance)

        answer = billing.send_file(body, key=f"key-{turn}", query=query, media=media, **packed)

        assert is_told(answer), (turn, query, media, body[:300], answer.content[:300])
    figures(bad_rows_of_billing=BATCHES * ROWS, answers_of_500=0)


@pytest.mark.parametrize("name", ["after", "limit"])
def test_numbers_of_the_feed_are_read_or_refused(billing, name):
    for odd in HAND_MADE:
        answer = billing.feed(**{name: odd.encode("utf-8", "replace").decode()})
        assert answer.status_code in {200, 400, 409}, (odd[:60], answer.content[:300])


def test_acknowledgements_are_read_or_refused(billing):
    for odd in ODD:
        body = json.dumps({"upto": odd}).encode()
        answer = billing.client.generic(
            "POST", f"{billing.base}feed/acknowledgements/", body, content_type="application/json"
        )
        assert answer.status_code in {200, 400, 409, 413}, (str(odd)[:60], answer.content[:300])


def test_keys_are_read_or_refused(billing):
    for odd in HAND_MADE:
        as_header = odd.encode("utf-8", "replace")[:3000].decode("latin-1").replace("\r", "").replace("\n", "")
        answer = billing.send_file(b"{}", key=as_header, query="")
        assert is_told(answer), (odd[:60], answer.content[:300])
        answer = Billing("w", TOKEN).client.get(f"{billing.base}feed/", headers={"authorization": as_header})
        assert answer.status_code == 401
