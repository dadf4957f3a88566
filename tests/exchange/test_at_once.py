"""Two at once: batches of a provider wait for each other, one key does its act once."""

import threading

import pytest
from django.db import connection, connections

from kabinet.contracts.models import Contract, Register
from kabinet.contracts.services import import_
from kabinet.exchange.models import Message, Partner
from kabinet.exchange.services.partners import hash_of
from tests import world
from tests.exchange import rows
from tests.exchange.conftest import TOKEN, Billing

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.spec("BILL-01")]


@pytest.fixture
def partner():
    return Partner.objects.create(
        provider=world.provider("w"), name="Биллинг W", source="billing", token_hash=hash_of(TOKEN)
    )


def at_once(*acts):
    """Run acts in threads of their own, let go together; return their answers in order."""
    gate, answers = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place, act):
        gate.wait()
        answers[place] = act()
        connections.close_all()

    threads = [threading.Thread(target=run, args=item) for item in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_two_batches_with_the_same_rows_write_them_once(partner):
    many = [rows.contract(f"dog-{place}") for place in range(300)]

    answers = at_once(*(lambda key=key: Billing("w", TOKEN).send(*many, key=key) for key in ("one", "two")))

    assert [answer.status_code for answer in answers] == [200, 200]
    counts = [answer.json()["entities"]["contract"] for answer in answers]
    assert sorted((count["inserted"], count["unchanged"]) for count in counts) == [(0, 300), (300, 0)]
    assert Contract.objects.count() == 300


def test_one_key_sent_twice_at_once_is_one_batch(partner):
    answers = at_once(*[lambda: Billing("w", TOKEN).send(rows.contract(), key="one")] * 2)

    assert answers[0].json() == answers[1].json()
    assert Message.objects.count() == 1


def test_batch_waits_for_a_sender_who_holds_a_register(partner):
    Billing("w", TOKEN).send(*rows.whole_contract(), key="one")
    held, done = threading.Event(), threading.Event()

    def hold():
        with connection.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("SELECT FROM contracts_register FOR UPDATE")
            held.set()
            done.wait(0.5)
            waited = not done.is_set()
            cursor.execute("COMMIT")
        return waited

    def change():
        held.wait()
        answer = Billing("w", TOKEN).send(rows.register(version=2, integer_digits=6), key="two")
        done.set()
        return answer

    waited, answer = at_once(hold, change)

    assert waited
    assert answer.status_code == 200
    assert Register.objects.get().integer_digits == 6


def test_broken_constraint_is_an_answer_and_no_error(partner, monkeypatch):
    monkeypatch.setattr(import_, "_registers", lambda stage: import_._plain(import_.REGISTERS, stage))
    billing = Billing("w", TOKEN)
    billing.send(*rows.whole_contract(), key="one")

    response = billing.send(rows.register("sh-2"), key="two")

    assert response.status_code == 422
    problem = response.json()["details"]["problems"][0]
    assert (problem["code"], problem["field"]) == ("constraint", "one_register_a_zone")
    assert Register.objects.count() == 1
