"""The role «Администратор» is asked for, granted or refused by a ticket (ROLE-03)."""

import re

import pytest
from django.test import Client

from kabinet.accounts.models import Specialist
from kabinet.accounts.values import StaffRole
from kabinet.contracts.models import Membership
from kabinet.contracts.services.roles import AppointRefused
from kabinet.contracts.values import AppointProblem, Role
from kabinet.infra import ids
from kabinet.infra.models import OutgoingLetter
from kabinet.kernel.actors import Actor, ActorKind, Channel
from kabinet.providers.models import PolicyVersion
from kabinet.tickets import services
from kabinet.tickets.models import Ticket, TicketSection
from kabinet.tickets.services import NotAboutAccess, NotPossible
from kabinet.tickets.values import Status, TopicText
from tests import world
from tests.tickets.asking import ask, specialist

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at"), pytest.mark.spec("ROLE-03")]

TOPIC = TopicText(code="lk", name="ЛКК ЮЛ", sections=(("access", "Права доступа"), ("other", "Другое")))


@pytest.fixture(autouse=True)
def topics(w):
    version = PolicyVersion.objects.get(provider=w)
    version.body["sections"] += ["tickets", "add_contract"]
    version.body["roles_shown"] = True
    version.save()
    services.publish_topic(TOPIC, provider=w, by=specialist(w))


@pytest.fixture
def section():
    return TicketSection.objects.get(code="access")


@pytest.fixture
def support(w, clara):
    """A specialist who may appoint."""
    row = Specialist.objects.create(
        user=clara, provider=w, roles=[StaffRole.SUPPORT], begins_at=world.NOW, created_at=world.NOW
    )
    return Actor(ActorKind.STAFF, id=row.pk, provider_id=w.pk, channel=Channel.OFFICE)


@pytest.fixture
def anna_asks(w, anna, contract, section):
    world.link(anna, contract)
    own = world.signed_in(Client(), anna, w)
    press(own, section, contract)
    return own


def press(own, section, contract, **changed):
    facts = {"key": str(ids.new()), "text": "Я директор."} | changed
    return own.post(f"/w/tickets/new/{section.pk}/{contract.pk}/", facts)


def ticket_of(user):
    return Ticket.objects.get(author=user)


def text_of(page):
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())


def test_button_leads_to_a_request_that_is_filled_in(w, anna, contract, section):
    world.link(anna, contract)
    own = world.signed_in(Client(), anna, w)
    assert "Запросить доступ" in text_of(own.get("/w/profile/contracts/"))

    page = own.get(f"/w/tickets/access/{contract.pk}/", follow=True)

    assert "Направить обращение" in text_of(page)
    assert f'value="{section.pk}" selected' in page.content.decode()
    assert f'value="{contract.pk}" selected' in page.content.decode()


def test_while_a_request_is_open_the_button_shows_its_number_and_opens_it(anna_asks, anna, contract):
    ticket = ticket_of(anna)

    page = text_of(anna_asks.get("/w/profile/contracts/"))

    assert f"Обращение {ticket.number}" in page
    assert "Запросить доступ" not in page
    assert anna_asks.get(f"/w/tickets/access/{contract.pk}/").url == f"/w/tickets/{ticket.pk}/"


def test_second_request_of_the_same_person_is_refused_with_a_reason(anna_asks, anna, contract, section):
    page = press(anna_asks, section, contract)

    assert "обращение ещё открыто" in text_of(page)
    assert Ticket.objects.count() == 1


def test_role_is_asked_for_on_a_contract(w, anna, contract, section):
    world.link(anna, contract)
    own = world.signed_in(Client(), anna, w)

    page = own.get("/w/tickets/new/", {"section": section.pk, "contract": "", "next": "1"})

    assert "Выберите договор" in text_of(page)


def test_contract_with_an_administrator_has_no_button(w, anna, boris, contract, section):
    world.link(anna, contract)
    world.link(boris, contract, role=Role.ADMINISTRATOR)
    own = world.signed_in(Client(), anna, w)

    assert "Запросить доступ" not in text_of(own.get("/w/profile/contracts/"))
    assert "У договора уже есть Администратор" in text_of(press(own, section, contract))
    assert not Ticket.objects.exists()


def test_grant_appoints_answers_and_closes(anna_asks, w, anna, contract, support):
    ticket = ticket_of(anna)

    services.grant_access(ticket.pk, "Назначили.", provider=w, by=support, at=world.NOW)

    ticket.refresh_from_db()
    assert (ticket.status, ticket.resolution) == (Status.CLOSED, "Роль «Администратор» назначена")
    assert Membership.objects.get(user=anna, ended_at=None).role == Role.ADMINISTRATOR
    assert ticket.messages.filter(text="Назначили.", speaker="staff").exists()
    assert OutgoingLetter.objects.filter(to=anna.email, text__contains="Назначили.").exists()
    assert "Добавить роль" in text_of(anna_asks.get("/w/profile/contracts/"))


def test_grant_closes_the_requests_of_others_with_an_answer(anna_asks, w, anna, boris, contract, section, support):
    world.link(boris, contract)
    press(world.signed_in(Client(), boris, w), section, contract)

    services.grant_access(ticket_of(anna).pk, "Назначили.", provider=w, by=support, at=world.NOW)

    other = ticket_of(boris)
    assert (other.status, other.resolution) == (Status.CLOSED, "Отказано")
    assert other.messages.filter(text__contains="назначен другой пользователь").exists()
    assert not Membership.objects.exclude(access_request="").filter(ended_at=None).exists()


def test_refusal_answers_closes_and_lets_ask_again(anna_asks, w, anna, contract, section, support):
    ticket = ticket_of(anna)

    services.refuse_access(ticket.pk, "Нет доверенности.", provider=w, by=support, at=world.NOW)

    ticket.refresh_from_db()
    assert (ticket.status, ticket.resolution) == (Status.CLOSED, "Отказано")
    assert Membership.objects.get(user=anna).role == Role.MANAGER
    assert "Запросить доступ" in text_of(anna_asks.get("/w/profile/contracts/"))
    assert press(anna_asks, section, contract).status_code == 302


def test_who_lost_the_contract_is_not_appointed_and_nothing_is_left_half_done(anna_asks, w, anna, support):
    Membership.objects.filter(user=anna).update(ended_at=world.NOW)

    with pytest.raises(AppointRefused) as refused:
        services.grant_access(ticket_of(anna).pk, "Да.", provider=w, by=support, at=world.NOW)

    assert refused.value.problem is AppointProblem.NOT_HELD
    assert ticket_of(anna).status == Status.NEW


def test_request_is_decided_once(anna_asks, w, anna, support):
    services.refuse_access(ticket_of(anna).pk, "Нет.", provider=w, by=support, at=world.NOW)

    with pytest.raises(NotPossible):
        services.grant_access(ticket_of(anna).pk, "Да.", provider=w, by=support, at=world.NOW)


def test_ticket_about_something_else_grants_nothing(w, support):
    other = ask(w)

    with pytest.raises(NotAboutAccess):
        services.grant_access(other.ticket_id, "Да.", provider=w, by=support, at=world.NOW)


@pytest.mark.spec("REQ-03")
def test_feedback_that_bears_the_sections_name_is_taken_and_asks_for_nothing(w):
    accepted = ask(w, subject="Права доступа")

    assert Ticket.objects.get(pk=accepted.ticket_id).section.code == "access"
    assert not Membership.objects.exclude(access_request="").exists()
