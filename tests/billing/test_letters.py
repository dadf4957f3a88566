"""The letter about an act: to whom, when, and with which file (I25)."""

import smtplib

import pytest
from django.core import mail as outbox
from django.core.mail.backends.locmem import EmailBackend

from kabinet.accounts.models import Enrollment
from kabinet.billing.services import telling
from kabinet.billing.values import ActState, Delivery
from kabinet.contracts.models import Membership
from kabinet.contracts.values import Role
from kabinet.infra import events, mail, relay
from kabinet.infra.models import AuditRow, OutgoingLetter
from kabinet.kernel.actors import Actor, ActorKind
from tests import world
from tests.billing.acts import PDF, ask, prepare, row

JOB = Actor(ActorKind.JOB)
pytestmark = pytest.mark.spec("DOC-03", "NOTE-04")


def tell(act):
    telling.tell(act.pk, version=act.answer_version, by=JOB, at=world.NOW)
    act.refresh_from_db()
    return act


@pytest.fixture
def by_email(contract, anna):
    world.link(anna, contract, role=Role.ACCOUNTANT)
    return ask(contract, anna, delivery=Delivery.EMAIL)


def test_answer_leaves_the_letter_to_a_job(asked, billing, monkeypatch):
    jobs = []
    monkeypatch.setattr("kabinet.billing.handlers.jobs.enqueue", lambda name, **facts: jobs.append((name, facts)))
    prepare(billing, asked)

    events.discover()
    relay.turn()

    assert [job for job in jobs if job[0].startswith("billing.")] == [
        ("billing.tell_of_act", {"act": str(asked.pk), "version": 1})
    ]


def test_act_by_email_goes_along_and_counts_as_received(by_email, anna, billing):
    act = tell(prepare(billing, by_email))

    (letter,) = outbox.outbox
    assert letter.to == [anna.email]
    assert letter.attachments[0] == ("act-77.pdf", PDF, "application/pdf")
    assert "акт сверки готов" in letter.subject
    assert "вложен в это письмо" in letter.body
    assert "/w/acts/" in letter.body
    assert act.state == ActState.RECEIVED
    assert AuditRow.objects.filter(act="billing.act_sent").count() == 1


def test_act_for_the_cabinet_is_only_told_of(asked, anna, billing):
    act = tell(prepare(billing, asked))

    letter = OutgoingLetter.objects.get()
    assert (letter.to, act.state, outbox.outbox) == (anna.email, ActState.PREPARED, [])
    assert "Скачайте его в личном кабинете" in letter.text


def test_refusal_is_told_with_its_reason(asked, billing):
    billing.send(row(asked))
    asked.refresh_from_db()

    tell(asked)

    assert "Причина: Расчётов не было." in OutgoingLetter.objects.get().text


def test_job_that_comes_again_sends_nothing_more(by_email, billing):
    act = prepare(billing, by_email)

    tell(act)
    tell(act)

    assert len(outbox.outbox) == 1


def test_letter_of_a_replaced_answer_is_not_sent(by_email, billing):
    prepare(billing, by_email)
    act = prepare(billing, by_email, PDF + b"\n", version=2)

    telling.tell(act.pk, version=1, by=JOB, at=world.NOW)
    assert outbox.outbox == []
    tell(act)

    assert outbox.outbox[0].attachments[0][1] == PDF + b"\n"


@pytest.mark.parametrize("loss", ["role", "membership", "enrollment", "address"])
def test_who_may_not_see_the_act_any_more_gets_no_letter(by_email, anna, billing, loss):
    act = prepare(billing, by_email)
    match loss:
        case "role":
            Membership.objects.update(role=Role.ENERGY_ENGINEER)
        case "membership":
            Membership.objects.update(ended_at=world.NOW)
        case "enrollment":
            Enrollment.objects.update(closed_at=world.NOW)
        case _:
            anna.email_confirmed_at = None
            anna.save(update_fields=["email_confirmed_at"])

    act = tell(act)

    assert (outbox.outbox, OutgoingLetter.objects.count(), act.state) == ([], 0, ActState.PREPARED)


def test_who_wants_no_letters_gets_only_the_one_asked_for(asked, anna, billing):
    Enrollment.objects.update(wants_letters=False)
    asked_by_letter = ask(asked.contract, anna, delivery=Delivery.EMAIL, until=world.TODAY)

    tell(prepare(billing, asked))
    tell(prepare(billing, asked_by_letter, PDF + b" "))

    assert (OutgoingLetter.objects.count(), len(outbox.outbox)) == (0, 1)


def test_mail_server_that_is_down_lets_the_letter_be_tried_again(by_email, billing, monkeypatch):
    act = prepare(billing, by_email)
    monkeypatch.setattr(EmailBackend, "send_messages", _down)

    with pytest.raises(mail.NotNow):
        tell(act)

    act.refresh_from_db()
    assert (act.state, act.told_version) == (ActState.PREPARED, 0)


def test_mail_server_that_refuses_for_good_leaves_the_act_in_the_cabinet(by_email, billing, monkeypatch):
    act = prepare(billing, by_email)
    monkeypatch.setattr(EmailBackend, "send_messages", _refused)

    act = tell(act)

    assert (act.state, act.told_version) == (ActState.PREPARED, 1)


def test_letter_speaks_the_persons_language(asked, anna, billing):
    anna.language = "en"
    anna.save(update_fields=["language"])

    tell(prepare(billing, asked))

    assert "1 January 2026" in OutgoingLetter.objects.get().text


def _down(*_):
    raise ConnectionRefusedError


def _refused(*_):
    raise smtplib.SMTPDataError(554, b"no")
