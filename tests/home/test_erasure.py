"""A person whose every personal field bears a mark goes everywhere, goes away, and is nowhere (I32, TRUST 12).

Looked at are a dump of the whole database, the bytes of every stored file (and what is packed in them) and the log.
"""

import io
import logging
import subprocess
import zipfile
from datetime import date, timedelta
from decimal import Decimal

import pytest
import xlsxwriter
from django.contrib.auth.hashers import make_password
from django.db import connection

from kabinet.accounts import services as people
from kabinet.accounts.models import Enrollment, OneTimeSecret, Specialist, StaffSession, User
from kabinet.accounts.values import AgreementKind, Place, Purpose
from kabinet.billing.models import Balance, Charge, Payment
from kabinet.contracts.models import LinkRequest, SignUpRequest
from kabinet.contracts.values import Role
from kabinet.exchange.models import Message
from kabinet.infra import clock, mail, storage
from kabinet.infra.backups import programs
from kabinet.infra.db import transaction_of
from kabinet.infra.logs import JsonFormatter
from kabinet.infra.models import AuditRow, Event, OutgoingLetter
from kabinet.providers.values import Limits
from kabinet.readings.models import AcceptedVolume, DoubtfulReading, FileRow, Reading, SewageVolume, Submission
from kabinet.readings.services import files as reading_files
from kabinet.readings.services import marking
from kabinet.readings.services import reading_files as job
from kabinet.tickets import services as tickets
from kabinet.tickets.models import OrderDraft, PaidService, Ticket, TicketMessage
from kabinet.tickets.services.asking import GivenFile
from kabinet.tickets.values import Contact, Question
from tests import world
from tests.accounts.people import PASSWORD, nobody, publish, sign_in, sign_up
from tests.home.closing import close, send_reading, type_reading

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("at"), pytest.mark.spec("PROF-04")]

MARKS = {
    "last name": "Меткова",
    "first name": "Метиана",
    "middle name": "Метьевна",
    "organisation": "ООО «Меточное дело»",
    "position": "главный меточник",
    "postal address": "Меточный переулок 17",
    "e-mail": "metka-one@example.com",
    "new e-mail": "metka-two@example.com",
    "telephone": "9161237786",
    "network address": "198.51.100.77",
    "browser": "MetkaBrowser/7.7",
    "words": "СЛОВА-С-МЕТКОЙ-12",
}
NAME = f"{MARKS['last name']} {MARKS['first name']} {MARKS['middle name']}"
PHONE = f"+7{MARKS['telephone']}"
WORDS, EMAIL, NEW_EMAIL = MARKS["words"], MARKS["e-mail"], MARKS["new e-mail"]
HERE = Place(address=MARKS["network address"], agent=f"Mozilla/5.0 {MARKS['browser']}")
CONTACT = Contact(NAME, EMAIL, PHONE)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Facts of contracts: they stay as they were, to the last row.
KEPT = (Submission, Reading, SewageVolume, AcceptedVolume, Charge, Payment, Balance, Message)


@pytest.fixture
def log():
    """Everything that is logged, as it is written in real use."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield written
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.fixture
def store(settings, tmp_path):
    place = tmp_path / "files"
    backend = {"BACKEND": "kabinet.infra.storage.DurableFiles", "OPTIONS": {"location": place}}
    settings.STORAGES = {**settings.STORAGES, "default": backend}
    return place


@pytest.fixture
def letters(monkeypatch):
    """Let the mail server take what waits."""
    taken = []
    monkeypatch.setattr(mail, "hand_over", lambda row: taken.append(row.text))

    def send():
        for letter in OutgoingLetter.objects.all():
            mail.send(letter.pk, at=clock.technical_now())
        return taken

    return send


def everything(store):
    """Return all that is kept: a dump of the database and the bytes of files, with what is packed in them."""
    dump = subprocess.run(
        [programs.choose()["pg_dump"], "--inserts"], env=programs.environment(), capture_output=True, check=True
    ).stdout.decode()
    assert dump.count("CREATE TABLE") > 40
    return dump + "".join(text for path in store.rglob("*") if path.is_file() for text in texts_in(path))


def texts_in(path):
    yield path.read_bytes().decode(errors="replace")
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as packed:
            yield from (packed.read(name).decode(errors="replace") for name in packed.namelist())


def found_in(text):
    return {name for name, mark in MARKS.items() if mark.lower() in text.lower()}


def count_of_places(text):
    return sum(text.lower().count(mark.lower()) for mark in MARKS.values())


def facts():
    """Return every row that must be the same after an erasure as before."""
    return {model._meta.label: sorted(map(str, model.objects.values_list())) for model in KEPT}


def kept(name, body, media_type, *, provider):
    with transaction_of("test"):
        return storage.keep(
            io.BytesIO(body), provider_id=provider.pk, original_name=name, media_type=media_type, at=world.NOW
        )


def book():
    """A spreadsheet whose cells, author and title bear marks, as one's own program puts them there."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as made:
        made.set_properties({"author": NAME, "title": WORDS})
        made.add_worksheet().write("A1", WORDS)
    return out.getvalue()


def test_nothing_is_left_of_a_person_who_was_everywhere(w, contract, register, boris, store, letters, log, figures):
    newcomer = join(w)
    session = sign_in(EMAIL, w, password=PASSWORD, place=HERE).session
    for leave in (leave_readings, leave_files, leave_tickets, leave_requests, leave_with_accounts, leave_in_office):
        leave(newcomer, session, contract, register)
    charge(contract)
    world.link(boris, contract, role=Role.ACCOUNTANT)
    before, colleague = facts(), User.objects.filter(pk=boris.pk).values().get()
    told = list(Event.objects.order_by("ordinal").values())
    before_text = everything(store)
    assert found_in(before_text) == MARKS.keys()

    close(session, password=PASSWORD)
    letters()
    storage.delete_orphans(before=clock.technical_now() + timedelta(days=1))

    assert found_in(everything(store)) == set()
    assert found_in(log.getvalue()) == set()
    figures(marks=len(MARKS), places_before=count_of_places(before_text), left=0)
    assert facts() == before
    assert list(Event.objects.order_by("ordinal").values())[: len(told)] == told
    assert User.objects.filter(pk=boris.pk).values().get() == colleague


def join(w):
    for kind in AgreementKind:
        publish(w, kind)
    names = {name.replace(" ", "_"): MARKS[name] for name in ("last name", "first name", "middle name", "organisation")}
    sign_up(w, email=EMAIL, phone=PHONE, place=HERE, **names)
    newcomer = User.objects.get(email=EMAIL)
    User.objects.filter(pk=newcomer.pk).update(email_confirmed_at=world.NOW)
    Enrollment.objects.filter(user=newcomer).update(position=MARKS["position"], address=MARKS["postal address"])
    return newcomer


def leave_readings(newcomer, session, contract, register):
    """A draft, a reading that was doubted, with words and a photo, and its correction."""
    world.link(newcomer, contract, role=Role.ADMINISTRATOR)
    type_reading(contract, register, newcomer, "240")
    send_reading(contract, register, newcomer)
    photo = kept(f"{WORDS}.jpg", b"\xff\xd8\xff " + WORDS.encode(), "image/jpeg", provider=session.provider)
    DoubtfulReading.objects.create(
        contract=contract, register=register, submission_id=Submission.objects.latest("id").id, month=date(2026, 10, 1),
        codes=["consumption_too_high"], comment=WORDS, photo=photo, made_by=newcomer.pk, made_at=world.NOW,
        state_at=world.NOW,
    )  # fmt: skip
    type_reading(contract, register, newcomer, "250")


def leave_files(newcomer, session, contract, register):
    """A file of readings that names its maker in its name, its properties and a cell, and its coloured copy."""
    by = world.actor(newcomer, session.provider)
    file = reading_files.choose(contract, io.BytesIO(book()), name=f"{NAME}.xlsx", media_type=XLSX, by=by, at=world.NOW)
    file.marked = kept(f"{NAME}.xlsx", book(), XLSX, provider=session.provider)
    file.save()
    FileRow.objects.create(
        contract=contract, file_id=file.pk, number=0, sheet=WORDS, row=2, column="B", point_code=WORDS, meter="1",
        raw=WORDS[:40], fate="refused", problems=["not_found"], notes=[], suggestions=[],
    )  # fmt: skip


def leave_tickets(newcomer, session, contract, register):
    """A ticket with a file, answered and noted by its author's name; feedback without signing in; an order's draft."""
    provider = session.provider
    given = GivenFile(name=f"{WORDS}.txt", stream=io.BytesIO(WORDS.encode()))
    asked = {"subject": WORDS, "text": f"{WORDS}, {MARKS['postal address']}", "contact": CONTACT}
    own = {"by": world.actor(newcomer, provider), "files": [given], "key": "own"}
    for way in (own, {"by": nobody(provider), "key": "feedback"}):
        tickets.ask(
            Question(**asked), provider=provider, address=HERE.address, language="ru", at=world.NOW, today=world.TODAY,
            **way,
        )  # fmt: skip
    for ticket in Ticket.objects.all():
        said = {"ticket": ticket, "speaker": "staff", "at": world.NOW}
        TicketMessage.objects.create(text=f"{NAME}, добрый день.", **said)
        TicketMessage.objects.create(text=f"Звонили {PHONE}.", is_internal=True, **said)
        Ticket.objects.filter(pk=ticket.pk).update(resolution=f"Ответили: {EMAIL}")
    scan = kept(f"{WORDS}.pdf", b"%PDF-1.4 " + WORDS.encode(), "application/pdf", provider=provider)
    service = PaidService.objects.create(
        provider=provider, resource="cold_water", code="seal", name="опломбировка", working_days=5
    )
    OrderDraft.objects.create(
        user=newcomer, provider=provider, service=service, meter=register.meter, contact_name=NAME,
        contact_email=EMAIL, contact_phone=PHONE, passport=scan, kept_at=world.NOW,
    )  # fmt: skip


def leave_requests(newcomer, session, contract, register):
    """A contract asked for by e-mail, and another sign-up by account from the same mailbox."""
    facts = {"provider": session.provider, "asked_at": world.NOW, "expires_at": world.NOW + timedelta(hours=24)}
    LinkRequest.objects.create(user=newcomer, number="20001234", email=EMAIL, **facts)
    SignUpRequest.objects.create(
        contract=contract, mode="person", login="777000111", email=EMAIL, last_name=MARKS["last name"], phone=PHONE,
        first_name=MARKS["first name"], middle_name=MARKS["middle name"], organisation=MARKS["organisation"],
        language="ru", accepted=[], address=HERE.address, agent=HERE.agent, **facts,
    )  # fmt: skip


def leave_with_accounts(newcomer, session, contract, register):
    """A new address and its code, a recovery, what was typed when a session had ended, a letter that does not go."""
    provider, at, by = session.provider, clock.technical_now(), world.actor(newcomer, session.provider)
    people.ask_to_change(NEW_EMAIL, session=session, provider=provider, allowed=Limits(), by=by, at=at)
    people.send_code(newcomer.pk, Purpose.CHANGE_EMAIL, provider_id=provider.pk, at=at)
    people.start_recovery(EMAIL, provider=provider, place=HERE, allowed=Limits())
    people.send_code(newcomer.pk, Purpose.RECOVER_PASSWORD, provider_id=provider.pk, at=at)
    typed = {"last_name": [NAME], "address": [MARKS["postal address"]], "text": [WORDS]}
    people.keep_input(typed, path="/w/", provider=provider, session_key=session.key, address=HERE.address, at=at)
    assert OneTimeSecret.objects.filter(user=newcomer, subject=NEW_EMAIL).exists()
    assert OutgoingLetter.objects.filter(to__in=[EMAIL, NEW_EMAIL]).exists()


def leave_in_office(newcomer, session, contract, register):
    """A specialist who looked for the person and recovered the address; the act stands in the audit."""
    at, provider = clock.technical_now(), session.provider
    clerk = User.objects.create(email="olga@example.com", password=make_password(None), joined_at=world.NOW)
    works = Specialist.objects.create(user=clerk, provider=provider, roles=["support"], begins_at=at, created_at=at)
    StaffSession.objects.create(
        key="0" * 64, specialist=works, started_at=at, seen_at=at, expires_at=at + timedelta(hours=9),
        factor_passed_at=at, address="127.0.0.1", agent="Firefox", phrase=EMAIL,
    )  # fmt: skip


def charge(contract):
    month = {"contract": contract, "provider_id": contract.provider_id, "source": "billing", "version": 1,
             "month": date(2026, 9, 1), "resource": "cold_water", "external_id": "1"}  # fmt: skip
    Charge.objects.create(kind="supply", amount=Decimal("243.00"), kept={}, **month)
    Payment.objects.create(amount=Decimal(1), paid_on=date(2026, 9, 1), document="1", way="bank", **month)
    Balance.objects.create(
        opening=0, charged=Decimal("243.00"), recalculated=0, penalty=0, paid=1, closing=Decimal("242.00"), **month
    )


def test_record_of_what_was_asked_stays_without_words(w, contract, register, store):
    newcomer = join(w)
    session = sign_in(EMAIL, w, password=PASSWORD, place=HERE).session
    leave_tickets(newcomer, session, contract, register)
    asked = ("number", "status", "created_at", "door")
    before = [tuple(getattr(one, name) for name in asked) for one in Ticket.objects.order_by("ordinal")]

    close(session, password=PASSWORD)

    left = list(Ticket.objects.order_by("ordinal"))
    assert [tuple(getattr(one, name) for name in asked) for one in left] == before
    assert TicketMessage.objects.count() == 6
    assert set(TicketMessage.objects.values_list("text", flat=True)) == {""}
    assert AuditRow.objects.get(act="accounts.closed").after["tickets"] == 2


def test_words_of_the_living_cannot_be_forgotten(w, contract, register, store):
    """The one way past I28 opens for tickets of erased people alone."""
    newcomer = join(w)
    leave_tickets(newcomer, sign_in(EMAIL, w, password=PASSWORD, place=HERE).session, contract, register)
    own = Ticket.objects.get(author=newcomer)

    with pytest.raises(Exception, match="words go with their author alone"), connection.cursor() as cursor:
        cursor.execute("SELECT tickets_forget_words(%s::uuid[])", [[own.pk]])

    assert own.messages.filter(text__contains=WORDS).exists()


def test_question_of_a_stranger_from_another_address_stays(w, store):
    newcomer = join(w)
    stranger = Contact("Борис", "boris@example.com", "")
    tickets.ask(
        Question(subject="Поверка", text="Когда?", contact=stranger), provider=w, key="1", address="203.0.113.9",
        language="ru", by=nobody(w), at=world.NOW, today=world.TODAY,
    )  # fmt: skip

    close(sign_in(newcomer.email, w, password=PASSWORD, place=HERE).session, password=PASSWORD)

    assert Ticket.objects.get().contact_email == "boris@example.com"
    assert TicketMessage.objects.get().text == "Когда?"


def test_file_of_readings_that_waits_for_its_job_is_read_no_more(w, contract, store):
    newcomer = join(w)
    world.link(newcomer, contract)
    session = sign_in(EMAIL, w, password=PASSWORD, place=HERE).session
    by = world.actor(newcomer, w)
    file = reading_files.choose(contract, io.BytesIO(book()), name="a.xlsx", media_type=XLSX, by=by, at=world.NOW)
    reading_files.send(file, by=by, at=world.NOW)
    close(session, password=PASSWORD)

    job.run(file.pk, reading=job.Reading(world.opened(w), by, world.NOW, world.TODAY, 0))
    marking.mark(file.pk, round_=0, at=world.NOW)

    assert not Submission.objects.exists()
    assert storage.delete_orphans(before=clock.technical_now() + timedelta(days=1)) == 1
