"""How a request ends: cancelled, late, confirmed before; how many there may be; who is told (CON-02, ROLE-01)."""

from datetime import timedelta

import pytest
from django.test import Client

from kabinet.contracts.models import LinkRequest, Membership
from kabinet.contracts.services import requests
from kabinet.contracts.services.linking import unlink_all
from kabinet.contracts.values import Role
from kabinet.infra import events, relay
from kabinet.infra.db import transaction_of
from kabinet.infra.models import AuditRow, OutgoingLetter
from kabinet.kernel.actors import Actor, ActorKind
from tests import world
from tests.contracts.adding import LIST, MAILBOX, NUMBER, ask, asked_link, letters, link_in, page
from tests.refusals import again, refused

pytestmark = [pytest.mark.django_db, pytest.mark.spec("CON-02")]


JOB = Actor(ActorKind.JOB)


def test_cancelled_request_opens_nothing(as_boris, klever):
    link = asked_link(as_boris)

    as_boris.post(f"/b/contracts/requests/{LinkRequest.objects.get().pk}/cancel/")

    assert not LinkRequest.objects.exists()
    assert Client().get(link).status_code == 404


def test_strangers_request_is_not_there(as_boris, klever, b):
    ask(as_boris)
    clara = world.signed_in(Client(), world.person(b, "clara@example.com"), b)

    for act in ("cancel", "write-again"):
        assert clara.post(f"/b/contracts/requests/{LinkRequest.objects.get().pk}/{act}/").status_code == 404
    assert NUMBER not in page(clara.get(LIST))


def test_after_24_hours_it_is_over_and_a_job_removes_it(as_boris, klever, at):
    link = asked_link(as_boris)
    last = world.NOW + timedelta(hours=24)

    at(last - timedelta(seconds=1))
    assert "осталось 0 ч 1 мин" in page(as_boris.get(LIST))
    requests.remove_late(by=JOB, at=last - timedelta(seconds=1))
    assert LinkRequest.objects.exists()
    at(last)
    assert NUMBER not in page(as_boris.get(LIST))
    assert Client().post(link, {"answer": "confirm"}).status_code == 404

    assert requests.remove_late(by=JOB, at=last) == 1
    assert not LinkRequest.objects.exists()
    assert AuditRow.objects.get(act="contracts.link_expired").provider_id == klever.provider_id


def test_linking_twice_says_so(as_boris, klever, boris_of_b):
    ask(as_boris)
    assert "уже ждёт подтверждения" in page(ask(as_boris))

    world.link(boris_of_b, klever)

    assert "уже подключён к вашему кабинету" in page(ask(as_boris, email="energo@klever.example"))
    assert LinkRequest.objects.count() == 1


def test_link_of_what_was_linked_meanwhile_says_so(as_boris, klever, boris_of_b):
    link = asked_link(as_boris)
    world.link(boris_of_b, klever)

    assert "Этот договор уже подключён" in page(Client().post(link, {"answer": "confirm"}))
    assert Membership.objects.count() == 1


def test_unconfirmed_address_waits(b, klever, at):
    as_boris = world.signed_in(Client(), world.person(b, "new@example.com", confirmed=False), b)

    assert "Сначала подтвердите адрес" in page(ask(as_boris))
    assert not LinkRequest.objects.exists()


def test_unconfirmed_requests_are_limited_and_confirmed_ones_are_not(as_boris, b, klever):
    """Five a day that no mailbox has confirmed; the number of contracts itself has no limit."""
    for place in range(8):
        world.contract(b, number=f"3000000000000{place}", emails=[MAILBOX])
        ask(as_boris, number=f"3000000000000{place}")
        Client().post(link_in(letters()[-1]), {"answer": "confirm"})
    assert Membership.objects.count() == 8

    answers = [ask(as_boris, number=f"4000000000000{place}").status_code for place in range(6)]

    assert answers == [302] * 5 + [429]


def test_too_many_letters_of_a_pair_come_later(as_boris, klever, b, monkeypatch):
    monkeypatch.setattr(requests, "LETTERS_OF_PAIR", requests.Limit("few", 1, timedelta(hours=1)))
    ask(as_boris)
    ask(world.signed_in(Client(), world.person(b, "clara@example.com"), b))

    assert len(letters()) == 1
    assert LinkRequest.objects.count() == 2


def test_number_of_two_contracts_is_as_good_as_unknown(as_boris, klever, b):
    world.contract(b, number="2000-1234-5678-90", emails=[MAILBOX])
    ask(as_boris)

    assert letters() == []


def test_closing_the_account_forgets_what_waits(as_boris, klever, boris_of_b, b):
    link = asked_link(as_boris)

    with transaction_of("test"):
        unlink_all(
            boris_of_b.pk, provider_id=klever.provider_id, by=world.actor(boris_of_b, klever.provider), at=world.NOW
        )

    assert not LinkRequest.objects.exists()
    assert Client().post(link, {"answer": "confirm"}).status_code == 404


@pytest.mark.spec("ROLE-01")
def test_administrator_is_told_by_letter(as_boris, klever, b):
    events.discover()
    relay.find_cursors()
    chief = world.person(b, "chief@klever.example")
    world.link(chief, klever, role=Role.ADMINISTRATOR)
    world.link(world.person(b, "clerk@klever.example"), klever, role=Role.ACCOUNTANT)
    Client().post(asked_link(as_boris), {"answer": "confirm"})

    relay.turn()

    told = OutgoingLetter.objects.filter(template="contracts/contract_linked")
    assert [letter.to for letter in told] == ["chief@klever.example"]
    assert NUMBER in told[0].text
    assert "boris@example.com" in told[0].text


def test_page_is_only_where_contracts_are_added_so(visitor, w, anna, at):
    as_boris = world.signed_in(visitor, anna, w)

    assert as_boris.get("/w/contracts/add/").status_code == 404
    assert "Добавить договор" not in page(as_boris.get("/w/contracts/"))


@pytest.mark.parametrize(
    ("constraint", "changed"),
    [
        ("one_request_a_pair", {"secret_hash": ""}),
        ("link_secret_once", {"number": "20001234567891"}),
        ("link_request_ends_after_start", {"number": "1", "secret_hash": "", "expires_at": world.NOW}),
        ("link_secret_opens_a_contract", {"number": "1", "secret_hash": "x", "contract_id": None}),
        ("link_secret_opens_a_contract", {"number": "1", "secret_hash": "x", "denied_at": world.NOW}),
    ],
)
def test_database_refuses(as_boris, klever, constraint, changed):
    asked_link(as_boris)

    refused(constraint, lambda: again(LinkRequest.objects.get(), **changed))


def test_audit_holds_neither_number_nor_address(as_boris, klever):
    asked_link(as_boris)

    kept = " ".join(f"{row.before} {row.after} {row.reason}" for row in AuditRow.objects.all())
    assert AuditRow.objects.filter(act="contracts.link_asked").exists()
    assert not any(secret in kept for secret in (NUMBER, MAILBOX))
