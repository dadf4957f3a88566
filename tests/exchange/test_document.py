"""docs/exchange.md says what the code does: its tables, its codes and its examples."""

import re
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import takewhile
from pathlib import Path
from types import NoneType
from typing import get_args, get_type_hints
from uuid import UUID

import pytest
from pydantic_core import PydanticUndefined

from kabinet.contracts.models import Paper, Register, SupplyPoint
from kabinet.exchange.schemas import REFUSALS, TEXTS
from kabinet.exchange.values import entities, fields
from kabinet.exchange.values.entities import ENTITIES, Row
from kabinet.exchange.values.wire import FEED_SHAPES
from kabinet.infra import ids
from kabinet.providers.models import PeriodState
from kabinet.readings.models import ReadingSource, SewageVolume, SubmissionState
from tests import world
from tests.billing.acts import upload
from tests.exchange.test_answers import sent

pytestmark = pytest.mark.spec("BILL-01")

DOCS = Path(__file__).resolve().parents[2] / "docs"
TEXT = (DOCS / "exchange.md").read_text(encoding="utf-8")
ENVELOPE = set(Row.model_fields)
WORDS = [
    (fields.Day, "day"),
    (fields.MonthField, "month"),
    (fields.Count, "number 0 and more, 4 decimals"),
    (fields.Factor, "number above 0, 4 decimals"),
    (fields.Limit, "number above 0, 4 decimals"),
    (fields.Area, "number above 0, 2 decimals"),
    (fields.AreaOrNone, "number 0 and more, 2 decimals"),
    (fields.Money, "number, 2 decimals"),
    (fields.Price, "number 0 and more, 5 decimals"),
    (fields.SignedCount, "number, 4 decimals"),
    (fields.Kept, "JSON object, up to 8 000 signs"),
    (fields.Inn, "10 or 12 digits"),
    (fields.Kpp, "KPP, 9 signs"),
    (fields.Ogrn, "13 or 15 digits"),
    (fields.Bic, "9 digits"),
    (fields.BankAccount, "account of 20 signs"),
    (fields.Addresses, "list of e-mail addresses"),
    (fields.Code, "code, 40 signs of a–z 0–9 _"),
    (fields.ExternalId, "external id"),
    (bool, "true or false"),
    (UUID, "UUID"),
]
TEXTS_OF = [
    (20, fields.Text20), (40, fields.Text40), (80, fields.Text80), (200, fields.Text200),
    (240, fields.Text240), (300, fields.Text300), (40, fields.Name40), (240, fields.Name240),
]  # fmt: skip


def words_of(hint):
    """Say a field's type in the document's words."""
    if NoneType in get_args(hint):
        return words_of(next(part for part in get_args(hint) if part is not NoneType))
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return " · ".join(f"`{code}`" for code in hint)
    for known, words in [*WORDS, *((text, f"text, up to {length}") for length, text in TEXTS_OF)]:
        if hint == known:
            return words
    limits = get_args(hint)[1].metadata
    return f"whole number {limits[0].ge}–{limits[1].le}"


def default_of(info):
    if info.default is PydanticUndefined:
        return "required"
    if info.default in (None, "", ()):
        return ""
    return f"`{info.default}`".lower() if isinstance(info.default, bool) else f"`{info.default}`"


def rows_of(entity):
    """Return (field, type, default) of an entity as the document should have them."""
    hints = get_type_hints(entity.shape, include_extras=True)
    return [
        (f"`{info.alias or name}`", said(entity, info.alias or name, hints[name]), default_of(info))
        for name, info in entity.shape.model_fields.items()
        if name not in ENVELOPE | {"entity"}
    ]


def said(entity, name, hint):
    return f"external id of `{entity.references[name]}`" if name in entity.references else words_of(hint)


def written_rows(name):
    """Return the first three cells of each row of the entity's table in the document."""
    section = TEXT.split(f"### `{name}`\n", 1)[1].splitlines()
    table = [line for line in takewhile(lambda line: not line.startswith("#"), section) if line.startswith("|")]
    return [tuple(cell.strip() for cell in line.strip("|").split(" | ")[:3]) for line in table[2:]]


@pytest.mark.parametrize("name", list(ENTITIES))
def test_table_of_an_entity_is_the_codes(name):
    assert written_rows(name) == rows_of(ENTITIES[name])


def test_document_knows_no_other_entity():
    assert re.findall(r"^### `(\w+)`$", TEXT, re.MULTILINE) == list(ENTITIES)


@pytest.mark.parametrize("code", sorted(TEXTS | REFUSALS))
def test_every_code_is_explained(code):
    assert f"| `{code}` |" in TEXT


@pytest.mark.parametrize(("kind", "shape"), list(FEED_SHAPES.items()))
def test_every_kind_of_the_feed_is_explained(kind, shape):
    part = TEXT.split(f"**`{kind}`**", 1)[1].split("\n\n")[1]

    assert re.findall(r"^\| `(\w+)`", part, re.MULTILINE) == [
        info.alias or name for name, info in shape.model_fields.items()
    ]


def test_codes_of_the_wire_are_those_of_the_tables():
    assert set(entities.ReadingOrigin) == set(ReadingSource.values)
    assert set(entities.PeriodState) == set(PeriodState.values)
    assert set(entities.Verdict) < set(SubmissionState.values)


@pytest.mark.parametrize("name", list(ENTITIES))
def test_every_entity_has_an_example(name):
    assert (DOCS / "exchange" / f"{name}.ndjson").exists()
    assert f"exchange/{name}.ndjson" in TEXT


@pytest.mark.django_db
def test_examples_are_taken_in_their_order(billing):
    Paper.objects.filter(pk=upload(billing).json()["file"]).update(id=example(7))
    for name in ("house", "house_month", "contract", "annex", "supply_point", "meter", "register", "billing_period"):
        take(billing, name)
    store_what_the_examples_answer()

    for name in ("reading", "sewage_volume", "submission_answer", "volume_answer", "charge", "payment", "balance"):
        take(billing, name)

    response = billing.send_file(
        (DOCS / "exchange" / "contract.csv").read_bytes(), key="csv", media="text/csv; entity=contract"
    )
    assert response.json()["entities"]["contract"]["inserted"] == 2


def take(billing, name):
    response = billing.send_file((DOCS / "exchange" / f"{name}.ndjson").read_bytes(), key=name)

    assert response.status_code == 200, response.content.decode()
    assert list(response.json()["entities"]) == [name]


def store_what_the_examples_answer():
    register, point = Register.objects.get(external_id="sh-220045"), SupplyPoint.objects.get()
    sent(register, id=example(1), state="superseded")
    sent(register, id=example(2))
    SewageVolume.objects.create(
        contract=point.contract, id=example(3), provider_id=point.provider_id, point=point, month=date(2026, 10, 1),
        raw="12,5", value=Decimal("12.5"), taken_on=world.TODAY, sent_at=world.NOW, actor_kind="customer",
        channel="web", key=str(ids.new()), state_at=world.NOW,
    )  # fmt: skip


def example(place):
    return UUID(f"01928e9c-6d00-7000-8000-{place:012d}")
