"""People, periods, tickets, events and rights are counted again: each break is found."""

from datetime import timedelta

import pytest

from kabinet.accounts.models import Enrollment, Session
from kabinet.infra import clock
from kabinet.infra.models import Event
from kabinet.providers.models import BillingPeriod
from kabinet.readings.models import SewageVolume, Submission
from kabinet.staff.selectors.invariants import recounts
from kabinet.tickets.models import Ticket, TicketMessage
from tests import world
from tests.accounts.people import sign_in
from tests.home.closing import close
from tests.readings.test_services import send
from tests.readings.test_volumes import send as send_volume
from tests.staff.owner import as_owner
from tests.tickets.asking import ask

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]


@pytest.fixture
def lived(w, contract, register, anna):
    """A reading, a volume, a ticket, and the account that was closed after them."""
    contract.has_hot_water = True
    contract.save()
    world.link(anna, contract)
    send(contract, anna, (register, "240"))
    send_volume(contract, anna, (contract.points.get(), "7"))
    ask(w, by=world.actor(anna, w))
    close(sign_in(anna.email, w).session)
    anna.refresh_from_db()
    return anna


def broken():
    return {(recount.invariant, recount.says.split()[0]): found for recount, found in recounts() if found}


def found_by(invariant):
    return [found for (told, _), found in broken().items() if told == invariant]


def test_world_of_use_cases_holds(lived):
    assert lived.erased_at
    assert broken() == {}


def test_role_of_a_closed_account_is_found(lived, contract):
    left = world.link(lived, contract)

    assert broken()["I21", "who"] == [(contract.pk, left.pk)]


def test_what_is_left_of_an_erased_person_is_found(lived, w):
    at = clock.technical_now()
    part = Enrollment.objects.get(user=lived)
    for leave in (
        lambda: Session.objects.create(key="k", user=lived, provider=w, started_at=at, seen_at=at, expires_at=at),
        lambda: Enrollment.objects.filter(pk=part.pk).update(organisation="ИП Анна"),
        lambda: Ticket.objects.filter(door="cabinet").update(author=lived),
    ):
        Session.objects.all().delete()
        leave()
        assert broken()["I32", "of"] == [(None, lived.pk)]


def test_words_of_an_erased_person_are_found(lived):
    ticket = Ticket.objects.get()
    before = ticket.erased_at - timedelta(seconds=1)
    TicketMessage.objects.create(ticket=ticket, speaker="customer", text="Анна", at=before)

    assert broken()["I32", "a"] == [(ticket.contract_id, ticket.pk)]


@pytest.mark.parametrize(("what", "table"), [("readings", Submission), ("volumes", SewageVolume)])
def test_row_that_came_after_its_month_was_closed_is_found(lived, w, what, table):
    sent = table.objects.get()
    BillingPeriod.objects.update_or_create(
        provider=w, month=sent.month, defaults={"state": "closed", "closed_at": sent.sent_at - timedelta(seconds=1)}
    )

    assert broken()["I17", what] == [(sent.contract_id, sent.id)]


def test_ticket_without_audit_is_found(lived, w):
    strange = Ticket.objects.create(
        provider=w, year=2026, ordinal=99, door="cabinet", subject="", contact_email="a@example.com",
        created_at=world.NOW, last_message_at=world.NOW,
    )  # fmt: skip

    assert broken() == {("I30", "a"): [(None, strange.pk)]}


def test_ticket_about_anothers_contract_is_found(lived, v):
    strange = world.contract(v)
    ticket = Ticket.objects.get()
    as_owner(f"UPDATE tickets_ticket SET contract_id = '{strange.pk}'")

    assert broken() == {("I34", "a"): [(strange.pk, ticket.pk)]}


def numbered(*numbers):
    events = list(Event.objects.order_by("ordinal"))
    for event, number in zip(events, numbers, strict=False):
        Event.objects.filter(pk=event.pk).update(seq=number)
    return events


def test_gap_in_the_numbers_is_found(lived):
    _first, second, *_ = numbered(1, 3)

    assert broken() == {("I31", "numbers"): [(second.contract_id, second.uid)]}


def test_events_in_another_order_are_found(lived):
    _first, second, *_ = numbered(2, 1)

    assert broken() == {("I31", "events"): [(second.contract_id, second.uid)]}


@pytest.mark.parametrize(
    ("loss", "invariant", "named"),
    [
        ("GRANT UPDATE (value) ON readings_submission TO kabinet_app", "I1", "readings_submission.value"),
        ("GRANT DELETE ON readings_reading TO kabinet_app", "I1", "readings_reading"),
        ("GRANT UPDATE ON tickets_ticketmessage TO kabinet_app", "I28", "tickets_ticketmessage"),
        ("GRANT DELETE ON infra_auditrow TO kabinet_app", "I30", "infra_auditrow"),
        ("ALTER TABLE infra_auditrow DISABLE TRIGGER audit_only_grows", "I30", "audit_only_grows"),
        (
            "ALTER TABLE providers_provider ADD CONSTRAINT half CHECK (slug <> '') NOT VALID",
            "I2, I4, I20",
            "half",
        ),
    ],
)
def test_right_that_was_lost_is_found(loss, invariant, named):
    as_owner(loss)

    assert found_by(invariant) == [[(None, named)]]
