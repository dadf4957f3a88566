"""A mail server that misbehaves on a bare socket: the letter waits, and arrives as promised (docs/adr/0005)."""

import socket
import threading

import pytest

from kabinet.infra import mail, tasks
from kabinet.infra.db import transaction_of
from kabinet.infra.mail import Letter, NotNow
from kabinet.infra.models import OutgoingLetter

TIMEOUT_SECONDS = 1


class Misbehaving:
    """A server with a thread for each connection; `faults` are what goes wrong with each in turn, then nothing does."""

    def __init__(self, faults):
        self.faults = list(faults)
        self.taken = []
        self.door = socket.create_server(("127.0.0.1", 0))
        self.port = self.door.getsockname()[1]
        self.released = threading.Event()
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            try:
                connection, _ = self.door.accept()
            except OSError:
                return
            fault = self.faults.pop(0) if self.faults else ""
            threading.Thread(target=self.speak, args=(connection, fault), daemon=True).start()

    def speak(self, connection, fault):
        with connection:
            self.converse(connection, fault)

    def converse(self, connection, fault):
        if fault == "hangs at once":
            self.released.wait(TIMEOUT_SECONDS * 5)
            return
        if fault == "closes at once":
            return
        connection.sendall(b"421 too many\r\n" if fault == "421" else b"220 here\r\n")
        words = connection.makefile("rb")
        for line in iter(words.readline, b""):
            word = line.split()[0].upper()
            if word == b"DATA":
                connection.sendall(b"354 go on\r\n")
                if not self.takes(connection, words, fault):
                    return
            elif word == b"QUIT":
                connection.sendall(b"221 bye\r\n")
                return
            else:
                connection.sendall(b"250 fine\r\n")

    def takes(self, connection, words, fault):
        """Read a letter and answer; say whether the connection goes on."""
        if fault == "drops in the middle":
            return False
        self.taken.append(b"".join(iter(words.readline, b".\r\n")))
        if fault == "hangs after the letter":
            self.released.wait(TIMEOUT_SECONDS * 5)
        if fault:
            return False
        connection.sendall(b"250 kept\r\n")
        return True


@pytest.fixture
def start(settings):
    started = []

    def server(*faults):
        started.append(Misbehaving(faults))
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", started[-1].port
        settings.EMAIL_TIMEOUT = TIMEOUT_SECONDS
        return started[-1]

    yield server
    for one in started:
        one.released.set()
        one.door.close()


@pytest.fixture(autouse=True)
def _templates(settings, tmp_path):
    (tmp_path / "letters").mkdir()
    for name in ("code.subject.txt", "code.txt"):
        (tmp_path / "letters" / name).write_text("Код {{ code }}", encoding="utf-8")
    settings.TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [tmp_path]}]


def post():
    with transaction_of("test"):
        mail.post(Letter("code", to="anna@example.com", language="ru", facts={"code": "481 516"}))
    return str(OutgoingLetter.objects.get().pk)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fault", "copies"),
    [
        ("hangs at once", 1),
        ("closes at once", 1),
        ("421", 1),
        ("drops in the middle", 1),
        # It has the letter and did not say so: two copies, never none. The Message-ID tells that they are one.
        ("drops after the letter", 2),
        ("hangs after the letter", 2),
    ],
)
def test_letter_waits_out_the_fault_and_arrives(start, fault, copies):
    server = start(fault)
    letter = post()

    with pytest.raises(NotNow):
        tasks.send_mail(letter=letter)
    waits = OutgoingLetter.objects.filter(refused_at=None).count()
    tasks.send_mail(letter=letter)

    assert waits == 1
    assert len(server.taken) == copies
    assert (
        len({next(line for line in text.splitlines() if line.startswith(b"Message-ID")) for text in server.taken}) == 1
    )
    assert not OutgoingLetter.objects.exists()
