"""Letters, spoken to a real SMTP server on a socket."""

import logging
from uuid import UUID

import pytest
from aiosmtpd.controller import Controller
from django.db import transaction

from kabinet.infra import clock, mail, tasks
from kabinet.infra.db import transaction_of, use_case
from kabinet.infra.logs import JsonFormatter
from kabinet.infra.mail import BadAddress, Letter, NotNow
from kabinet.infra.models import OutgoingLetter
from tests.free_ports import free_port
from tests.infra.conftest import jobs_named

SECRET = "481 516"


class Server:
    """A mail server that keeps what it takes; `answers` are given to recipients and letters in turn, then it takes."""

    def __init__(self):
        self.taken = []
        self.recipient_answers = []
        self.letter_answers = []
        self.sender_answers = []

    async def handle_MAIL(self, _server, _session, envelope, address, _options):  # noqa: N802 - aiosmtpd's word
        if self.sender_answers:
            return self.sender_answers.pop(0)
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802 - aiosmtpd's word
        if self.recipient_answers:
            return self.recipient_answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 - aiosmtpd's word
        if self.letter_answers:
            return self.letter_answers.pop(0)
        self.taken.append(envelope)
        return "250 OK"


@pytest.fixture
def server(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    settings.DEFAULT_FROM_EMAIL = "Кабинет <no-reply@portal.example>"
    handler = Server()
    controller = Controller(handler, hostname="127.0.0.1", port=settings.EMAIL_PORT)
    controller.start()
    yield handler
    controller.stop()


@pytest.fixture(autouse=True)
def _templates(settings, tmp_path):
    folder = tmp_path / "letters"
    folder.mkdir()
    (folder / "code.subject.txt").write_text("Код\n {{ code }} ", encoding="utf-8")
    (folder / "code.txt").write_text("\nВаш код: {{ code }}\n\n", encoding="utf-8")
    settings.TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [tmp_path]}]


def post(to="anna@example.com", code=SECRET):
    with transaction_of("test"):
        mail.post(Letter("code", to=to, language="ru", facts={"code": code}))
    return OutgoingLetter.objects.get().pk


def run_job(letter):
    tasks.send_mail(letter=str(letter))


@pytest.mark.django_db
def test_letter_arrives_as_it_was_written(server):
    run_job(post())

    (envelope,) = server.taken
    message = envelope.content.decode()
    assert envelope.rcpt_tos == ["anna@example.com"]
    assert envelope.mail_from == "no-reply@portal.example"
    assert "Message-ID: <" in message
    assert "@portal.example>" in message


@pytest.mark.django_db
def test_sent_letter_is_forgotten(server):
    run_job(post())

    assert not OutgoingLetter.objects.exists()


@pytest.mark.django_db
def test_job_repeated_after_its_end_sends_nothing(server):
    letter = post()
    run_job(letter)

    run_job(letter)

    assert len(server.taken) == 1


@pytest.mark.django_db
def test_crash_after_the_server_took_it_repeats_the_same_letter(server, monkeypatch):
    """Sending is at least once: two copies, one Message-ID."""
    letter = post()
    with monkeypatch.context() as patched:
        patched.setattr(OutgoingLetter, "delete", lambda _: pytest.fail("killed"))
        with pytest.raises(pytest.fail.Exception):
            run_job(letter)

    run_job(letter)

    first, second = (message_id(envelope) for envelope in server.taken)
    assert first == second


@pytest.mark.django_db
@pytest.mark.parametrize("answer", ["450 mailbox busy", "451 try later", "421 going down"])
def test_recipient_refused_for_now_is_tried_again(server, answer):
    server.recipient_answers = [answer]
    letter = post()

    with pytest.raises(NotNow) as caught:
        run_job(letter)
    run_job(letter)

    assert caught.value.code == answer[:3]
    assert len(server.taken) == 1


@pytest.mark.django_db
def test_letter_refused_for_now_is_tried_again(server):
    server.letter_answers = ["452 no room"]
    letter = post()

    with pytest.raises(NotNow):
        run_job(letter)
    run_job(letter)

    assert len(server.taken) == 1


@pytest.mark.django_db
def test_sender_that_the_server_does_not_like_is_ours_to_set_right(server):
    server.sender_answers = ["550 who are you"]
    letter = post()

    with pytest.raises(NotNow) as caught:
        run_job(letter)
    run_job(letter)

    assert caught.value.code == "550"
    assert len(server.taken) == 1


@pytest.mark.django_db
def test_server_that_is_down_is_tried_again(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    letter = post()

    with pytest.raises(NotNow, match="ConnectionRefusedError"):
        run_job(letter)

    assert OutgoingLetter.objects.get(pk=letter).text


@pytest.mark.django_db
@pytest.mark.parametrize("refusal", [{"recipient_answers": ["550 no such user"]}, {"letter_answers": ["554 spam"]}])
def test_letter_refused_for_good_is_not_tried_again(server, caplog, refusal):
    vars(server).update(refusal)
    letter = post()

    with caplog.at_level(logging.INFO):
        run_job(letter)
        run_job(letter)

    assert server.taken == []
    (record,) = [record for record in caplog.records if record.name == "kabinet.infra.mail"]
    line = JsonFormatter().format(record)
    assert '"template": "code"' in line
    assert "anna" not in line
    assert SECRET not in line


@pytest.mark.django_db
def test_words_of_a_refused_letter_are_forgotten(server):
    server.recipient_answers = ["550 no such user"]

    run_job(post())

    row = OutgoingLetter.objects.get()
    assert row.refused_at
    assert row.refusal == "550"
    assert (row.to, row.subject, row.text) == ("", "", "")


@pytest.mark.django_db
def test_job_carries_no_word_of_the_letter():
    letter = post()

    (job,) = jobs_named("infra.send_mail")
    assert job.args == {"letter": str(letter)}


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_no_jobs")
def test_letter_goes_back_with_its_cause():
    @use_case
    def post_and_refuse():
        mail.post(Letter("code", to="anna@example.com", language="ru", facts={}))
        raise LookupError

    with pytest.raises(LookupError):
        post_and_refuse()

    assert not OutgoingLetter.objects.exists()
    assert not jobs_named("infra.send_mail")


@pytest.mark.django_db
def test_line_ends_in_facts_make_no_header(server):
    run_job(post(code="1\r\nBcc: clara@example.com\r\n\r\nhello"))

    (envelope,) = server.taken
    headers = envelope.content.decode().replace("\r\n", "\n").partition("\n\n")[0]
    assert envelope.rcpt_tos == ["anna@example.com"]
    assert not any(line.startswith("Bcc") for line in headers.splitlines())


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address", ["anna@example.com\nBcc: clara@example.com", "anna@example.com, clara@example.com", "anna", "", "@"]
)
def test_only_one_plain_address_is_written_to(address):
    with pytest.raises(BadAddress):
        post(to=address)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_no_jobs")
def test_of_two_workers_with_one_letter_one_sends(server, at_once):
    letter = post()
    with transaction.atomic():
        OutgoingLetter.objects.select_for_update().get(pk=letter)

        (other,) = at_once(lambda _: mail.send(letter, at=clock.technical_now()), 1)

    assert isinstance(other, NotNow)
    assert server.taken == []


@pytest.mark.django_db
def test_unknown_letter_is_no_work(server):
    run_job(UUID(int=1))

    assert server.taken == []


def message_id(envelope):
    return next(line for line in envelope.content.decode().splitlines() if line.startswith("Message-ID"))


def test_pauses_between_tries_grow_to_an_hour_and_last_two_days():
    pauses = [tasks.LETTER_TRIES.wait(attempt).total_seconds() for attempt in range(tasks.LETTER_TRIES.attempts)]

    assert pauses[:4] == [5, 10, 20, 40]
    assert max(pauses) == 3600
    assert sum(pauses) > 48 * 3600


def test_parts_that_say_nothing_leave_no_gap_in_a_letter():
    row = mail.written(Letter("code", to="anna@example.com", language="ru", facts={"code": "1\n\n \n\nЖдите."}))

    assert row.text == "Ваш код: 1\n\nЖдите.\n"
