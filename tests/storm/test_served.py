"""The same form is sent by fifty browsers at once to a served portal: one act each, and all are told (TRUST 2, I2)."""

import time
from collections import Counter

import pytest

from kabinet.infra.models import IdempotencyKey
from kabinet.readings.models import Submission
from tests import world
from tests.deep import count
from tests.served import SEND, browser_of, browser_with, is_success, sending_form, web_server
from tests.storm.crowd import crowd_of
from tests.storm.test_sends import untruths, value_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.spec("READ-03")]

HANDS = 50
KEYS = count(gate=3, deep=200)
WORKERS = 2
SECONDS_OF_PATIENCE = 120


@pytest.fixture
def browsers(contract, anna):
    world.link(anna, contract)
    with web_server(at=world.NOW, workers=WORKERS) as served:
        first = browser_of(anna, contract.provider, served.port)
        sending_form(first, contract.pk)  # brings the cookie that goes with every form
        yield [first, *(browser_with(first.cookies, served.port) for _ in range(HANDS - 1))]


def pressing(browser, body):
    """Return a press that is repeated as the page of a crowded portal asks."""

    def press():
        until = time.monotonic() + SECONDS_OF_PATIENCE
        while True:
            answer = browser.post(SEND, data=body)
            if answer.status_code != 503 or time.monotonic() > until:
                return answer
            assert "Retry-After" in answer.headers
            time.sleep(0.2)

    return press


def test_of_fifty_equal_forms_one_is_stored_and_all_are_told(contract, register, browsers, figures):
    told = Counter()
    with crowd_of(HANDS) as crowd:
        for turn in range(KEYS):
            body = sending_form(browsers[0], contract.pk) | {f"value-{register.pk}": str(value_of(turn, 0))}

            answers = crowd.at_once([pressing(browser, body) for browser in browsers])

            told.update(map(fate_of, answers))
            assert Submission.objects.filter(key__startswith=body[f"key-{contract.pk}"]).count() == 1

    figures(equal_forms_over_http=HANDS * KEYS, stored=KEYS, answers_of_500=told["500"])
    assert told == {"told": HANDS * KEYS}
    assert Submission.objects.count() == IdempotencyKey.objects.count() == KEYS
    assert list(untruths(contract)) == []


def fate_of(answer):
    """Say what somebody got, or met."""
    if isinstance(answer, Exception):
        return repr(answer)
    return "told" if is_success(answer) else str(answer.status_code)
