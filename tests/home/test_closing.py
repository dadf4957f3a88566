"""«Удалить аккаунт» on a real database: what goes, what stays, and that nothing is left of the person (I32)."""

from datetime import timedelta

import pytest
from django.db import connection

from kabinet.accounts import selectors as accounts
from kabinet.accounts import services as people
from kabinet.accounts.models import Consent, Enrollment, OneTimeSecret, Session, Specialist, User
from kabinet.accounts.services import PartClosed, PasswordWrong
from kabinet.accounts.values import AgreementKind, Purpose
from kabinet.contracts import selectors as contracts
from kabinet.contracts.models import Membership
from kabinet.contracts.services import linking
from kabinet.contracts.values import LinkByInn, Role
from kabinet.infra import clock, mail
from kabinet.infra.limits import LimitReached
from kabinet.infra.models import AuditRow, Event, OutgoingLetter
from kabinet.providers.values import Limits
from kabinet.readings.models import Draft, Reading, Submission, VolumeDraft
from kabinet.tickets.models import Ticket
from kabinet.tickets.services import ask
from kabinet.tickets.values import Contact, Question
from tests import world
from tests.accounts.people import HERE, PASSWORD, publish, sign_in, sign_up
from tests.home.closing import OCTOBER, close, send_reading, type_reading

NAME, PHONE, EMAIL = "Маркерова", "+79990001122", "marker-of-nina@example.com"


def sums():
    """What must be the same after an erasure as before."""
    facts = (*Submission.FACTS, "state")
    return list(Submission.objects.order_by("id").values_list(*facts)), list(Reading.objects.order_by("id").values())


def rows_with(marker):
    """Return the tables that hold the text anywhere, in any column of any kind."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables"
            " WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
        )
        tables = [name for (name,) in cursor.fetchall()]
        assert len(tables) > 40
        found = []
        for table in tables:
            cursor.execute(f'SELECT count(*) FROM "{table}" AS t WHERE to_jsonb(t)::text ILIKE %s', [f"%{marker}%"])
            if cursor.fetchone()[0]:
                found.append(table)
    return found


@pytest.mark.spec("PROF-04")
def test_closing_ends_links_roles_drafts_and_sessions(w, anna, contract, register):
    world.link(anna, contract, role=Role.ADMINISTRATOR)
    type_reading(contract, register, anna, "240")
    here, there = sign_in(anna.email, w), sign_in(anna.email, w)

    close(here.session)

    assert Membership.objects.get().ended_at == world.NOW
    assert not Draft.objects.exists()
    assert not Session.objects.exists()
    assert world.signed_in_as(there.session.key, provider_id=w.pk, at=clock.technical_now()) is None
    assert accounts.enrollment_of(anna, provider_id=w.pk) is None
    assert Event.objects.filter(kind="contracts.unlinked", contract_id=contract.pk).count() == 1


@pytest.mark.spec("PROF-04", "ROLE-05")
def test_closing_of_the_administrator_leaves_the_roles_that_he_gave(w, anna, boris, contract):
    world.link(anna, contract, role=Role.ADMINISTRATOR)
    given = world.link(boris, contract, role=Role.ACCOUNTANT)
    Membership.objects.filter(pk=given.pk).update(granted_by=anna.pk)

    close(sign_in(anna.email, w).session)

    assert Membership.objects.get(ended_at=None) == given
    assert not contracts.has_administrator(contract, at=world.NOW)


@pytest.mark.spec("PROF-04")
def test_closing_is_audited_by_ids_and_numbers(w, anna, contract, register):
    world.link(anna, contract)
    type_reading(contract, register, anna, "240")

    close(sign_in(anna.email, w).session)

    row = AuditRow.objects.get(act="accounts.closed")
    assert (row.target_kind, row.actor_id) == ("enrollment", anna.pk)
    assert row.after == {"links": 1, "drafts": 1, "files": 0, "tickets": 0, "erased": True}
    assert AuditRow.objects.filter(act="contracts.unlinked", contract_id=contract.pk).count() == 1


@pytest.mark.spec("PROF-04")
def test_readings_colleagues_and_contract_stay(w, anna, boris, contract, register):
    other = world.register_of(world.meter(contract))
    for user in (anna, boris):
        world.link(user, contract)
    send_reading(contract, register, anna)
    type_reading(contract, other, boris, "240")
    before = sums()

    close(sign_in(anna.email, w).session)

    assert sums() == before
    assert len(before[0]) == 1
    assert Membership.objects.get(ended_at=None).user == boris
    assert Draft.objects.get().saved_by == boris


@pytest.mark.spec("PROF-04")
def test_drafts_of_volumes_go_too(w, anna, contract):
    world.link(anna, contract)
    point = contract.points.get()
    VolumeDraft.objects.create(
        contract=contract, point=point, month=OCTOBER.first, raw="5", saved_by=anna, saved_at=world.NOW
    )

    close(sign_in(anna.email, w).session)

    assert not VolumeDraft.objects.exists()


@pytest.mark.spec("PROF-04")
def test_wrong_password_closes_nothing(w, anna, contract):
    world.link(anna, contract)
    session = sign_in(anna.email, w).session

    with pytest.raises(PasswordWrong):
        close(session, password="не тот")

    assert Membership.objects.get().ended_at is None
    assert Session.objects.exists()
    assert not AuditRow.objects.filter(act="accounts.closed").exists()


@pytest.mark.spec("PROF-04")
def test_password_cannot_be_guessed_at_the_way_out(w, anna):
    session = sign_in(anna.email, w).session
    for _ in range(10):
        with pytest.raises(PasswordWrong):
            close(session, password="не тот")

    with pytest.raises(LimitReached):
        close(session)


@pytest.mark.spec("PROF-04")
def test_nothing_is_left_of_the_person_in_any_table(w, contract, register, letters_sent):
    agreements = [publish(w, kind) for kind in AgreementKind]
    sign_up(w, email=EMAIL, last_name=NAME, first_name=NAME, middle_name=NAME, phone=PHONE, organisation=NAME)
    nina = User.objects.get(email=EMAIL)
    User.objects.filter(pk=nina.pk).update(email_confirmed_at=world.NOW)
    session = sign_in(EMAIL, w, password=PASSWORD).session
    leave_traces(session, contract, register)
    before = sums()
    assert {"accounts_user", "accounts_enrollment", "accounts_onetimesecret", "tickets_ticket"} <= set(
        rows_with(NAME) + rows_with(EMAIL)
    )

    close(session, password=PASSWORD)
    letters_sent()

    left = {marker: rows_with(marker) for marker in (NAME, PHONE, PHONE.lstrip("+"), EMAIL, "marker-of-nina")}
    assert {marker: tables for marker, tables in left.items() if tables} == {}
    assert sums() == before
    assert len(agreements) == Consent.objects.exclude(withdrawn_at=None).count()


def leave_traces(session, contract, register):
    """Do whatever writes names, phones and addresses down somewhere."""
    provider, at, user = session.provider, clock.technical_now(), session.user
    by = world.actor(user, provider)
    world.link(user, contract)
    type_reading(contract, register, user, "240")
    send_reading(contract, register, user)
    people.ask_to_change("new-" + EMAIL, session=session, provider=provider, allowed=Limits(), by=by, at=at)
    people.start_recovery(EMAIL, provider=provider, place=HERE, allowed=Limits())
    people.keep_input({"last_name": [NAME]}, path="/w/", provider=provider, session_key=session.key,
                      address=HERE.address, at=at)  # fmt: skip
    question = Question(subject="Счётчик", text="Вопрос.", contact=Contact(NAME, EMAIL, PHONE))
    ask(question, provider=provider, key="question", address=HERE.address, language="ru", by=by, at=world.NOW,
        today=world.TODAY)  # fmt: skip


@pytest.fixture
def letters_sent(monkeypatch):
    """Let the mail server take what waits."""
    monkeypatch.setattr(mail, "hand_over", lambda row: None)

    def send():
        for letter in OutgoingLetter.objects.all():
            mail.send(letter.pk, at=clock.technical_now())

    return send


@pytest.mark.spec("PROF-04")
def test_farewell_is_the_only_letter_that_still_goes(w, anna):
    people.start_recovery(anna.email, provider=w, place=HERE, allowed=Limits())
    session = sign_in(anna.email, w).session
    people.ask_to_change("other@example.com", session=session, provider=w, allowed=Limits(),
                         by=world.actor(anna, w), at=clock.technical_now())  # fmt: skip

    close(session)

    [letter] = OutgoingLetter.objects.filter(to="anna@example.com")
    assert "аккаунт удалён" in letter.subject
    assert "можно зарегистрироваться снова" in letter.text
    assert not OneTimeSecret.objects.exists()


@pytest.mark.spec("PROF-04")
def test_code_that_was_asked_for_before_is_written_to_nobody(w, anna):
    people.start_recovery(anna.email, provider=w, place=HERE, allowed=Limits())
    close(sign_in(anna.email, w).session)

    people.send_code(anna.pk, Purpose.RECOVER_PASSWORD, provider_id=w.pk, at=clock.technical_now())

    assert not OneTimeSecret.objects.exists()
    assert OutgoingLetter.objects.count() == 1


@pytest.mark.spec("PROF-04")
def test_address_signs_up_again_as_a_new_person(w, anna, contract):
    for kind in AgreementKind:
        publish(w, kind)
    world.link(anna, contract)
    close(sign_in(anna.email, w).session)

    sign_up(w, email="anna@example.com")

    again = User.objects.get(email="anna@example.com")
    assert again.pk != anna.pk
    assert not Membership.objects.filter(user=again).exists()
    assert User.objects.filter(erased_at=None).count() == 1


@pytest.mark.spec("PROF-04", "SITE-01")
def test_person_of_two_providers_is_erased_with_the_last(w, v, anna, contract):
    Enrollment.objects.create(user=anna, provider=v, category="legal", organisation="ИП Анна", joined_at=world.NOW)
    theirs = world.contract(v)
    world.link(anna, contract)
    world.link(anna, theirs)
    at_v = sign_in(anna.email, v).session

    close(sign_in(anna.email, w).session)

    anna.refresh_from_db()
    assert (anna.email, anna.erased_at) == ("anna@example.com", None)
    assert world.signed_in_as(at_v.key, provider_id=v.pk, at=clock.technical_now())
    assert Membership.objects.get(ended_at=None).contract == theirs
    assert "Вход с этим адресом остался" in OutgoingLetter.objects.get(to=anna.email).text

    close(at_v)

    anna.refresh_from_db()
    assert (anna.email, anna.first_name, anna.password, anna.erased_at is None) == (None, "", "", False)
    assert not Enrollment.objects.exclude(organisation="").exists()


@pytest.mark.spec("PROF-04")
@pytest.mark.parametrize(("ended", "is_erased"), [(False, False), (True, True)])
def test_specialist_keeps_the_way_into_the_office(w, anna, ended, is_erased):
    long_ago = clock.technical_now() - timedelta(days=9)
    Specialist.objects.create(user=anna, provider=w, roles=["support"], begins_at=long_ago, created_at=long_ago,
                              ends_at=long_ago if ended else None)  # fmt: skip

    close(sign_in(anna.email, w).session)

    anna.refresh_from_db()
    assert (anna.erased_at is not None) is is_erased


@pytest.mark.spec("PROF-04")
def test_who_comes_back_to_one_of_two_providers_begins_with_nothing(w, v, anna, contract):
    Enrollment.objects.create(user=anna, provider=v, category="legal", joined_at=world.NOW)
    world.link(anna, contract)
    close(sign_in(anna.email, w).session)

    waiting = sign_in(anna.email, w)

    assert waiting.is_waiting
    assert not Membership.objects.filter(ended_at=None).exists()


@pytest.mark.spec("PROF-04", "CON-01")
def test_closed_account_links_no_contract_from_an_open_page(w, anna, contract):
    session = sign_in(anna.email, w).session
    close(session)
    wanted = LinkByInn(inn=contract.inn, number_key=contract.number_key)

    with pytest.raises(PartClosed):
        linking.link_by_inn(wanted, address="127.0.0.1", allowed=Limits(), by=world.actor(anna, w), at=world.NOW,
                            today=world.TODAY)  # fmt: skip

    assert not Membership.objects.exists()


@pytest.mark.spec("PROF-04")
def test_question_on_its_way_leaves_no_name_behind(w, anna):
    session = sign_in(anna.email, w).session
    close(session)
    question = Question(subject="Счётчик", text="Вопрос.", contact=Contact(NAME, EMAIL, ""))

    with pytest.raises(PartClosed):
        ask(question, provider=w, key="question", address=HERE.address, language="ru", by=world.actor(anna, w),
            at=world.NOW, today=world.TODAY)  # fmt: skip

    assert not Ticket.objects.exists()


@pytest.mark.spec("PROF-04")
def test_person_without_an_address_closes_without_a_letter(w, anna):
    session = sign_in(anna.email, w).session
    User.objects.update(email=None, email_confirmed_at=None)

    close(session)

    anna.refresh_from_db()
    assert anna.erased_at
    assert not OutgoingLetter.objects.exists()
