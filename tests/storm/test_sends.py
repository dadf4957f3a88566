"""The same reading is sent by fifty hands at once, two hundred times over: one act each (TRUST 2, I1–I4, I7, I30)."""

from collections import Counter
from datetime import timedelta

import pytest
from django.db.models import Count
from django.test import Client

from kabinet.accounts.models import Session
from kabinet.contracts.models import Membership
from kabinet.contracts.services import linking
from kabinet.contracts.services.access import NotSeen
from kabinet.infra.idempotency import KeyReused
from kabinet.infra.models import AuditRow, Event, IdempotencyKey
from kabinet.readings.models import Submission
from kabinet.readings.selectors.lines import Asked
from kabinet.readings.selectors.sheets import sheet_of
from kabinet.readings.services.rows import NothingSent, Sending
from kabinet.readings.services.sending import submit
from kabinet.readings.values import Entry
from tests import world
from tests.deep import count
from tests.storm.crowd import crowd_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.spec("READ-03")]

HANDS = 50
KEYS = count(gate=6, deep=200)
ROUNDS = count(gate=6, deep=60)


def sending(by, contract, key, *, at=world.NOW):
    return Sending(
        world.opened(contract.provider), key=key, by=world.actor(by, contract.provider), at=at, today=world.TODAY
    )


def pressing(contract, register, by, value, key, *, shown=True):
    """Return a press of the button on a page that has just been shown; its value may be somebody else's by now."""
    act = sending(by, contract, key)

    def press():
        asked = Asked(act.provider, None, act.today, registers=(register.pk,))
        try:
            sheet = sheet_of(contract, by.pk, asked=asked) if shown else None
        except LookupError:
            raise NotSeen from None
        return submit(contract, [Entry(register.pk, str(value))], sending=act, sheet=sheet)

    return press


def value_of(turn, place):
    """Return what a meter shows in a usual month; no value of a turn is one of the turn before: it would be no act."""
    return 232 + 10 * (turn % 2) + place % 10


def other_value_of(turn):
    """Return a usual value that no turn stored lately, whichever of them did."""
    return 232 + turn % 20


def untruths(contract):
    """Return what breaks I2, I3, I4, I7 or I30 among the contract's submissions."""
    stored = list(Submission.objects.filter(contract_id=contract.pk))
    ids = [str(row.id) for row in stored]
    told = Counter(Event.objects.filter(kind="readings.sent").values_list("payload__submission", flat=True))
    noted = Counter(
        one
        for after in AuditRow.objects.filter(act="readings.sent").values_list("after", flat=True)
        for one in after["submissions"]
    )
    yield from (f"event of {one}: {told[one]}" for one in ids if told[one] != 1)
    yield from (f"audit of {one}: {noted[one]}" for one in ids if noted[one] != 1)
    yield from (f"an event of nothing: {one}" for one in told if one not in ids)
    of_key = Submission.objects.values("key", "register_id").annotate(times=Count("*")).filter(times__gt=1)
    yield from map(str, of_key)
    yield from (f"effective twice: {row}" for row in effective_twice())
    named = Counter(row.corrects for row in stored if row.corrects)
    yield from (f"corrected {times} times: {one}" for one, times in named.items() if times > 1)
    superseded = {row.id for row in stored if row.state == "superseded"}
    yield from (f"superseded by nothing: {one}" for one in superseded ^ set(named))


def effective_twice():
    held = Submission.objects.filter(state__in=("sent", "passed", "taken"))
    return held.values("register_id", "month").annotate(times=Count("*")).filter(times__gt=1)


@pytest.mark.parametrize("shown", [True, False], ids=["from a page", "under locks"])
def test_of_fifty_equal_sends_one_is_stored_and_all_are_told_the_same(contract, register, anna, shown, figures):
    world.link(anna, contract)

    with crowd_of(HANDS) as crowd:
        for turn in range(KEYS):
            answers = crowd.all(pressing(contract, register, anna, value_of(turn, 0), f"key-{turn}", shown=shown))

            assert all(answer == answers[0] for answer in answers), Counter(map(repr, answers))
            assert [str(outcome.fate) for outcome in answers[0]] == ["sent"]

    assert Submission.objects.count() == IdempotencyKey.objects.count() == KEYS
    assert list(untruths(contract)) == []
    figures(equal_sends_at_once=HANDS * KEYS, stored=KEYS)


def test_of_fifty_bodies_under_one_key_one_is_stored_and_the_others_are_shown_it(contract, register, anna, figures):
    world.link(anna, contract)

    with crowd_of(HANDS) as crowd:
        for turn in range(ROUNDS):
            acts = [
                pressing(contract, register, anna, f"{value_of(turn, place)},{place:02}", f"key-{turn}")
                for place in range(HANDS)
            ]
            answers = crowd.at_once(acts)

            won = [answer for answer in answers if isinstance(answer, list)]
            refused = [answer for answer in answers if isinstance(answer, KeyReused)]
            assert (len(won), len(refused)) == (1, HANDS - 1), Counter(map(repr, answers))
            assert {one.accepted["outcomes"][0]["raw"] for one in refused} == {won[0][0].raw}

    assert Submission.objects.count() == IdempotencyKey.objects.count() == ROUNDS
    assert list(untruths(contract)) == []
    figures(other_bodies_under_one_key=HANDS * ROUNDS, taken=ROUNDS)


def test_tabs_of_two_people_leave_one_chain_of_corrections(contract, register, anna, boris, figures):
    """Each tab has its own key and value: all are acts, one after the other, and the last one holds."""
    people = (anna, boris)
    for person in people:
        world.link(person, contract)
    tabs = 8

    with crowd_of(tabs) as crowd:
        for turn in range(ROUNDS):
            values = [value_of(turn, place) for place in range(tabs)]
            answers = crowd.at_once(
                [
                    pressing(contract, register, people[place % 2], value, f"{turn}-{place}")
                    for place, value in enumerate(values)
                ]
            )

            assert all(isinstance(answer, list) for answer in answers), Counter(map(repr, answers))
            assert Submission.objects.get(state="sent").value in values

    assert Submission.objects.count() == ROUNDS * tabs
    assert list(untruths(contract)) == []
    figures(tabs_at_once=ROUNDS * tabs)


def test_session_ended_during_a_send_leaves_it_whole(contract, register, anna, client, at, figures):
    """Somebody signs out in another tab: the send is told as sent and is there, or is kept for the next sign-in."""
    world.link(anna, contract)
    slug, send = contract.provider.slug, f"/{contract.provider.slug}/readings/cold-water/"

    def press(key, value):
        browser = Client()
        browser.cookies.update(client.cookies)
        body = {"send": str(contract.pk), f"key-{contract.pk}": key, f"value-{register.pk}": str(value)}
        return lambda: browser.post(send, body)

    def end():
        Session.objects.all().delete()

    with crowd_of(2) as crowd:
        for turn in range(ROUNDS):
            Session.objects.all().delete()
            world.signed_in(client, anna, contract.provider)
            answer, _ = crowd.at_once([press(f"key-{turn}", other_value_of(turn)), end])

            is_there = Submission.objects.filter(key=f"key-{turn}").exists()
            assert answer.status_code in {200, 302}, answer
            assert is_there is (answer.headers.get("Location", "") == send or "Успешно" in answer.content.decode()), (
                turn,
                answer.headers,
            )
            if not is_there:
                assert answer.headers["Location"].startswith(f"/{slug}/sign-in/")

    assert list(untruths(contract)) == []
    figures(sessions_ended_during_a_send=ROUNDS)


def test_role_taken_during_a_send_leaves_it_whole(contract, register, anna, figures):
    by = world.actor(anna, contract.provider)

    with crowd_of(2) as crowd:
        for turn in range(ROUNDS):
            Membership.objects.filter(ended_at=None).update(ended_at=world.NOW)
            Membership.objects.create(
                user=anna, contract=contract, role="manager", granted_at=world.NOW + timedelta(seconds=turn)
            )
            sent, left = crowd.at_once(
                [
                    pressing(contract, register, anna, other_value_of(turn), f"key-{turn}"),
                    lambda: linking.unlink(contract, by=by, at=world.NOW + timedelta(hours=1)),
                ]
            )

            assert left is None
            is_there = Submission.objects.filter(key=f"key-{turn}").exists()
            assert is_there is isinstance(sent, list)
            assert is_there or isinstance(sent, NotSeen | NothingSent), sent

    assert list(untruths(contract)) == []
    figures(roles_taken_during_a_send=ROUNDS)
