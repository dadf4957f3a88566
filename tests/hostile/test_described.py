"""The exchange is driven over real HTTP by its own description: with the key and without it, well and badly.

Schemathesis makes the requests and compares: never a 500, and no answer that the description does not know.
"""

import json
from collections import Counter
from typing import Any

import pytest
import requests
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import checks
from schemathesis.generation import GenerationMode

from kabinet.exchange.formats.openapi import description
from kabinet.exchange.models import Partner
from kabinet.exchange.services.partners import hash_of
from kabinet.exchange.values.entities import ENTITIES
from tests.deep import SEED, count
from tests.exchange import rows
from tests.exchange.conftest import TOKEN
from tests.exchange.test_feed import submissions
from tests.served import web_server

__all__ = ["submissions"]

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.spec("BILL-01")]

TIMES = count(gate=15, deep=1000)
PLACE = "/w/exchange/v1"
LINES = "application/x-ndjson"
# Whether a row is taken depends on what is stored, and what is odd beside the request is nobody's fault.
ASKED = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
WRONG_KEYS = ["", "Bearer", "Bearer nobody-has-it", f"Basic {TOKEN}"]
STEADY = settings(max_examples=TIMES, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))


def as_lines(body):
    """Write a list as a batch has it: a row a line."""
    lines = body if isinstance(body, list) else [body]
    return "\n".join(json.dumps(line, ensure_ascii=False) for line in lines).encode("utf-8", "surrogatepass")


schemathesis.serializer(LINES)(lambda _context, body: as_lines(body))
TABLES = st.text(max_size=300).map(lambda text: text.encode("utf-8", "replace"))
for name in ENTITIES:
    schemathesis.openapi.media_type(f"text/csv; entity={name}", TABLES)
schemathesis.openapi.media_type("application/pdf", st.binary(max_size=300).map(lambda tail: b"%PDF-1.7\n" + tail))

DESCRIBED = schemathesis.openapi.from_dict(description(base=PLACE))
OPERATIONS: list[Any] = [found.ok() for found in DESCRIBED.get_all_operations()]  # type: ignore[union-attr]


class Exchange:
    """A served exchange with items in its feed and a batch that was taken, and what it answered."""

    def __init__(self, port):
        self.base = f"http://127.0.0.1:{port}{PLACE}"
        self.session = requests.Session()
        self.session.trust_env = False
        self.answers = Counter()
        self.taken = self.report_of_a_batch()["batch"]

    def report_of_a_batch(self):
        body = as_lines(rows.whole_contract())
        headers = {"Authorization": f"Bearer {TOKEN}", "Idempotency-Key": "first", "Content-Type": LINES}
        return self.session.post(f"{self.base}/batches/", body, headers=headers).json()

    def ask_twice(self, case, is_known, wrong):
        """Ask with the key and with a wrong one; about the batch that is there, too."""
        if is_known and "batch" in case.path_parameters:
            case.path_parameters["batch"] = self.taken
        self.ask(case, key=f"Bearer {TOKEN}")
        assert self.ask(case, key=wrong) == 401

    def ask(self, case, *, key):
        """Ask, and compare the answer with the description."""
        case.headers["Authorization"] = key
        answer = case.call(base_url=self.base, session=self.session)
        case.validate_response(answer, checks=ASKED)
        self.answers[answer.status_code] += 1
        return answer.status_code


@pytest.fixture
def exchange(w, submissions):
    Partner.objects.create(provider=w, name="Биллинг W", source="billing", token_hash=hash_of(TOKEN))
    with web_server() as served:
        yield Exchange(served.port)


def cases_of(operation):
    """Return requests that fit the description, and some that do not; batches of rows as often as all tables."""
    ways = [{"media_type": LINES}, {}] if operation.path == "/batches/" else [{}]
    return st.one_of(operation.as_strategy(generation_mode=mode, **way) for mode in GenerationMode for way in ways)


def test_every_answer_is_one_that_the_description_knows(exchange, figures):
    for operation in OPERATIONS:
        driven = given(case=cases_of(operation), is_known=st.booleans(), wrong=st.sampled_from(WRONG_KEYS))
        seed(SEED)(STEADY(driven(exchange.ask_twice)))()

    figures(requests_by_the_description=exchange.answers.total(), answers_of_500=0)
    # Taken and refused for each reason that a request alone can give: what is asked does reach the views.
    assert exchange.answers.keys() >= {200, 400, 401, 404, 409, 422}


def test_served_description_is_that_of_the_code(w):
    Partner.objects.create(provider=w, name="Биллинг W", source="billing", token_hash=hash_of(TOKEN))

    answer = Client().get(f"{PLACE}/openapi.json", headers={"authorization": f"Bearer {TOKEN}"})

    assert answer.json() == description(base=PLACE)
