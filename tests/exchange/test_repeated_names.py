"""Names that come twice are refused whatever their order, in one block of lines or far apart."""

import json

import pytest

from kabinet.contracts.models import Contract
from kabinet.exchange.formats import packing
from tests.exchange import rows
from tests.exchange.test_batches import problems_of

pytestmark = [pytest.mark.django_db, pytest.mark.spec("BILL-01")]


@pytest.mark.parametrize("names", [["a", "b", "b"], ["b", "a", "b"], ["a", "b", "a"], ["c", "b", "a", "a"], ["a", "a"]])
@pytest.mark.parametrize("block", [packing.BLOCK, 300])
def test_name_that_comes_twice_is_refused(billing, monkeypatch, names, block):
    monkeypatch.setattr(packing, "BLOCK", block)

    response = billing.send(*(rows.contract(name, number=f"{place}") for place, name in enumerate(names)))

    assert [problem[-1] for problem in problems_of(response)] == ["duplicate_row"]
    assert Contract.objects.count() == 0


@pytest.mark.parametrize("names", [["a", "b", "c"], ["c", "b", "a"], ["b", "a", "c"], ["m9", "m10"]])
def test_names_in_any_order_come_in(billing, names):
    body = "\n".join(json.dumps(rows.contract(name, number=name)) for name in names).encode()

    assert billing.send_file(body, key="one").status_code == 200
    assert Contract.objects.count() == len(names)
