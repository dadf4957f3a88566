"""The sandbox as it is started: real processes, real sockets."""

import json
import os
import signal
import smtplib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import httpx
import pytest

from kabinet.providers.values import DeadlineDay
from sandbox.billing.tables import open_books
from sandbox.billing.truth import Owner, begin_books
from sandbox.settings import billing_file
from tests.free_ports import free_port
from tests.sandbox.conftest import shift_to, truth
from tests.sandbox.portal import Played
from tests.sandbox.sent import TODAY, number_of, sent

ROOT = Path(__file__).parents[2]
# On a busy machine Python alone may need ten.
SECONDS_TO_START = 60


@dataclass
class Started:
    """A running sandbox."""

    process: subprocess.Popen[str]
    port: int
    smtp_port: int

    def get(self, path: str) -> Any:
        return httpx.get(f"http://127.0.0.1:{self.port}{path}", trust_env=False).raise_for_status().json()

    def post(self, path: str, **facts: Any) -> httpx.Response:
        return httpx.post(f"http://127.0.0.1:{self.port}{path}", json=facts, trust_env=False)

    def wait_for(self, path: str, count: int) -> list[Any]:
        for _ in range(100):
            if len(found := self.get(path)) >= count:
                return list(found)
            time.sleep(0.1)
        raise AssertionError(f"{path} never had {count}")


@contextmanager
def started(data: Path, *, portal_url: str = "http://127.0.0.1:9") -> Iterator[Started]:
    port, smtp_port = free_port(), free_port()
    environment = os.environ | {
        "KABINET_DATA": str(data),
        "KABINET_BASE_URL": portal_url,
        "KABINET_SANDBOX_SMTP_PORT": str(smtp_port),
        "KABINET_PARTNER_KEYS": json.dumps({"w": "key of w"}),
        "KABINET_CLOCK_SHIFT": str(int(shift_to(TODAY).total_seconds())),
    }
    command = [sys.executable, "-m", "sandbox", "--port", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True)
    try:
        _wait(port, process)
        yield Started(process, port, smtp_port)
    finally:
        process.kill()
        process.communicate()


def _wait(port: int, process: subprocess.Popen[str]) -> None:
    until = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), 0.2).close()
        except OSError:
            assert process.poll() is None, process.communicate()[1]
            time.sleep(0.05)
        else:
            return
    raise AssertionError("the sandbox did not start")


def post_letter(port: int, to: str, text: str) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "kabinet@example.com", to, "Код"
    message.set_content(text)
    with smtplib.SMTP("127.0.0.1", port, timeout=10) as smtp:
        smtp.send_message(message)


@pytest.fixture
def loaded(tmp_path: Path) -> Path:
    owner = Owner("w", "first", "Водоканал", "billing", "Europe/Samara", DeadlineDay())
    begin_books(open_books(billing_file(tmp_path)), owner, truth())
    return tmp_path


def test_letters_are_taken_found_and_survive_a_kill(tmp_path: Path) -> None:
    with started(tmp_path / "new") as sandbox:
        post_letter(sandbox.smtp_port, "anna@example.com", "Ваш код: 111222")
        post_letter(sandbox.smtp_port, "Boris@Example.com", "Ваш код: 333444")
        post_letter(sandbox.smtp_port, "anna@example.com", "Ваш код: 555666")
        sandbox.process.kill()

    with started(tmp_path / "new") as sandbox:
        of_anna = sandbox.get("/mailbox/messages.json?to=anna@example.com")
        of_boris = sandbox.get("/mailbox/messages.json?to=boris@example.com")
        everything = sandbox.get("/mailbox/messages.json")

    assert [letter["code"] for letter in of_anna] == ["555666", "111222"]
    assert [letter["code"] for letter in of_boris] == ["333444"]
    assert [letter["id"] for letter in everything] == sorted((letter["id"] for letter in everything), reverse=True)
    assert set(of_anna[0]) == {"id", "to", "from", "subject", "text", "html", "at", "links", "code"}


@pytest.mark.spec("BILL-02", "BILL-03")
def test_billing_answers_by_itself_within_seconds(loaded: Path, portal: Played) -> None:
    portal.items += [sent(1, 240), sent(2, 9)]

    with started(loaded, portal_url=portal.url) as sandbox:
        sandbox.wait_for("/billing/w/submissions.json", 2)
        for _ in range(100):
            if len(portal.rows_of("submission_answer")) == 2:
                break
            time.sleep(0.1)
        listed = sandbox.get("/billing/w/submissions.json")

    assert [(row["value"], row["state"], row["reason_code"]) for row in listed] == [
        ("9", "refused", "below_previous"),
        ("240", "taken", ""),
    ]
    assert {row["verdict"] for row in portal.rows_of("submission_answer")} == {"taken", "refused"}


@pytest.mark.spec("BILL-01")
def test_killed_again_and_again_it_answers_each_once(loaded: Path, portal: Played) -> None:
    portal.items += [sent(seq, 240, register=f"unknown {seq}") for seq in range(1, 41)]
    with open_books(billing_file(loaded)).transaction() as db:
        db.execute("UPDATE provider SET delay_seconds = 0")

    for patience in (0.05, 0.2, 0.4, 0.7):
        with started(loaded, portal_url=portal.url) as sandbox:
            portal.script = ["take and drop"]
            time.sleep(patience)
            sandbox.process.kill()
    with started(loaded, portal_url=portal.url) as sandbox:
        for _ in range(200):
            if sandbox.get("/billing/w/state.json")["batches_waiting"] == 0 and portal.acknowledged == 40:
                break
            time.sleep(0.1)
        listed = sandbox.get("/billing/w/submissions.json")

    answered = [row["submission"] for row in portal.rows_of("submission_answer")]
    assert sorted(answered) == sorted(number_of(item) for item in portal.items)
    assert all(row["state"] == "refused" and row["is_delivered"] for row in listed)


def test_buttons_and_switches(loaded: Path, portal: Played) -> None:
    good, odd = sent(1, 240), sent(2, 241)

    with started(loaded, portal_url=portal.url) as sandbox:
        sandbox.post("/billing/w/settings", automatic=False)
        portal.items += [good, odd]
        sandbox.wait_for("/billing/w/submissions.json", 2)
        taken = sandbox.post(f"/billing/w/submissions/{number_of(good)}/take")
        refused = sandbox.post(
            f"/billing/w/submissions/{number_of(odd)}/refuse", reason_code="photo", reason="Пришлите фото."
        )
        otherwise = sandbox.post(f"/billing/w/submissions/{number_of(odd)}/take")
        closed = sandbox.post("/billing/w/periods/2026-10/close")
        wrong = [
            sandbox.post("/billing/w/submissions/nothing/take").status_code,
            sandbox.post("/billing/w/periods/13/close").status_code,
            sandbox.post("/billing/w/faults", kind="fire").status_code,
            sandbox.post("/billing/w/settings", delay_seconds="x").status_code,
            sandbox.post("/billing/x/faults", kind="none").status_code,
        ]
        fault = sandbox.post("/billing/w/faults", kind="unavailable").json()
        state = sandbox.get("/billing/w/state.json")

    assert (taken.json()["state"], refused.json()["state"]) == ("taken", "refused")
    assert (otherwise.status_code, otherwise.json()["error"]) == (409, "Уже решено иначе: отклонено.")
    assert closed.json() == {"month": "2026-10", "state": "closed", "changed": True}
    assert wrong == [404, 404, 400, 400, 404]
    assert (fault["kind"], state["fault"], state["automatic"]) == ("unavailable", "unavailable", False)


def test_signal_ends_it_within_seconds_though_the_portal_hangs(loaded: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf, started(loaded, portal_url=_url(deaf)) as sandbox:
        sandbox.get("/demo/logins.json")
        began = time.monotonic()
        sandbox.process.send_signal(signal.SIGTERM)
        code = sandbox.process.wait(timeout=10)

    assert time.monotonic() - began < 5
    assert code in (0, -signal.SIGTERM)


def _url(server: socket.socket) -> str:
    return f"http://127.0.0.1:{server.getsockname()[1]}"


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"KABINET_SANDBOX_SMTP_PORT": "busy"}, "Почтовый порт"),
        ({"KABINET_SANDBOX_SMTP_PORT": "x"}, "должна быть целым числом"),
        ({"KABINET_PARTNER_KEYS": "[1]"}, "должна быть объектом JSON"),
    ],
)
def test_wrong_settings_are_told_plainly(tmp_path: Path, environment: dict[str, str], said: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = str(busy.getsockname()[1])
        given = {name: port if value == "busy" else value for name, value in environment.items()}
        command = [sys.executable, "-m", "sandbox", "--port", str(free_port())]
        ended = subprocess.run(
            command,
            check=False,
            cwd=ROOT,
            env=os.environ | {"KABINET_DATA": str(tmp_path)} | given,
            capture_output=True,
            text=True,
            timeout=30,
        )

    assert ended.returncode == 2
    assert said in ended.stderr
    assert "Traceback" not in ended.stderr
