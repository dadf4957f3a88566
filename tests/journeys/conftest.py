"""Stories run in a real browser against a really started demo with its own database."""

import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.free_ports import free_port
from tests.journeys.looking import read_json, wait_for, watch
from tests.journeys.viewers import Viewers, things, things_of_b

ROOT = Path(__file__).resolve().parents[2]
TODAY = "2026-10-08"
# Ten a house show every kind of them; stories claim some dozens.
HOUSEHOLDS = "300"
SECONDS_TO_START = 240
# A machine of two cores runs other tests beside the stories.
expect.set_options(timeout=20_000)

CHROMIUM_FLAGS = [
    "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--no-sandbox",
]  # fmt: skip


@dataclass(frozen=True)
class Place:
    """A contract and one of its meters."""

    contract: Any
    meter: Any

    @property
    def previous(self) -> int:
        return int(float(self.register["previous"]))

    @property
    def register(self) -> Any:
        return self.meter["registers"][0]

    def after(self, run: int) -> str:
        """Return what the dial shows when so much has run since the last accepted reading."""
        digits = self.register["integer_digits"]
        return str((self.previous + run) % 10**digits).zfill(digits)


@dataclass(frozen=True)
class Demo:
    """A started demo: where it is, and who may sign in."""

    url: str
    sandbox: str
    logins: dict[str, Any]
    data: Path
    claimed: set[str] = field(default_factory=set)

    def provider(self, tag: str) -> Any:
        return next(provider for provider in self.logins["providers"] if provider["tag"] == tag)

    def letters_to(self, address: str) -> Any:
        return read_json(f"{self.sandbox}/mailbox/messages.json?to={address}")

    def code_for(self, address: str, *, after: int = 0) -> str:
        """Wait for the newest letter with a code; `after` letters with codes have been read before."""

        def code() -> str | None:
            codes = [str(letter["code"]) for letter in self.letters_to(address) if letter["code"]]
            return codes[0] if len(codes) > after else None

        return str(wait_for(code))

    def letter(self, address: str, subject: str) -> Any:
        """Wait for a letter whose subject has these words."""
        return wait_for(lambda: next((m for m in self.letters_to(address) if subject in m["subject"]), None))

    def user(self, email: str) -> Any:
        """Return one of the people of the demonstration."""
        return next(user for user in self.provider("W")["users"] if user["email"] == email)

    def claim(
        self,
        *,
        window: str = "open",
        shows: str = "",
        resource: str = "cold_water",
        has_hot_water: bool | None = None,
        latest_deadline: int = 31,
        is_alone: bool = False,
    ) -> Place:
        """Give a meter that no other story uses, with its contract.

        `shows` asks for one of the unusual contracts, `is_alone` for a contract that no other story shares.
        """
        for contract in self.provider("W")["unlinked"]:
            is_wanted = shows in contract["shows"] and bool(contract["shows"]) == bool(shows)
            is_hot = any(meter["resource"] == "hot_water" for meter in contract["meters"])
            is_late = contract["deadline_day"] > latest_deadline
            if not is_wanted or contract["window"] != window or has_hot_water not in (None, is_hot) or is_late:
                continue
            # Open contracts of one meter are kept for stories that leave something behind on the page.
            if is_alone != (window == "open" and not shows and len(contract["meters"]) == 1):
                continue
            for meter in contract["meters"]:
                if meter["resource"] == resource and meter["number"] not in self.claimed:
                    self.claimed.add(meter["number"])
                    return Place(contract, meter)
        raise AssertionError(f"no meter is left: {window}, {shows}, {resource}")

    @contextmanager
    def billing_fault(self, kind: str, *, slug: str = "w") -> Iterator[None]:
        """Let the billing system of a provider misbehave for a while."""
        post(f"{self.sandbox}/billing/{slug}/faults", {"kind": kind})
        try:
            yield
        finally:
            post(f"{self.sandbox}/billing/{slug}/faults", {"kind": "none"})

    @contextmanager
    def billing_by_hand(self) -> Iterator[None]:
        """Let the billing system of W wait for its clerk."""
        settings = f"{self.sandbox}/billing/w/settings"
        post(settings, {"automatic": False, "delay_seconds": 2})
        try:
            yield
        finally:
            post(settings, {"automatic": True, "delay_seconds": 2})

    def submissions(self, place: Place) -> list[Any]:
        """Return what billing has got of a meter."""
        rows = read_json(f"{self.sandbox}/billing/w/submissions.json")
        return [row for row in rows if row["register"] == place.register["id"]]

    def billing_state(self) -> Any:
        return read_json(f"{self.sandbox}/billing/w/state.json")

    def manage(self, *arguments: str) -> str:
        """Run a command of the portal's on the demo's data; return what it said."""
        environment = clean_environment() | {"KABINET_DATA": str(self.data)}
        command = [str(ROOT / "run"), "manage", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def decide(self, place: Place, act: str, *, reason: str = "") -> None:
        """Let billing's clerk take or refuse what came of a meter."""
        waiting = wait_for(lambda: [row for row in self.submissions(place) if row["state"] == "waiting"])
        post(f"{self.sandbox}/billing/w/submissions/{waiting[0]['id']}/{act}", {"reason": reason})


def post(url: str, facts: dict[str, Any]) -> None:
    body, kind = json.dumps(facts).encode(), {"Content-Type": "application/json", "Accept": "application/json"}
    urllib.request.urlopen(urllib.request.Request(url, body, kind, method="POST"), timeout=10).close()


@pytest.fixture(scope="session")
def demo() -> Iterator[Demo]:
    folder = Path(tempfile.mkdtemp(prefix="kabinet-", dir="/tmp"))
    log = folder.with_suffix(".log")
    port, sandbox_port = free_port(), free_port()
    started = subprocess.Popen(
        [str(ROOT / "run"), "demo", "--port", str(port), "--sandbox-port", str(sandbox_port),
         "--data", str(folder), "--today", TODAY, "--households", HOUSEHOLDS],
        stdout=log.open("w"), stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
        cwd=ROOT, env=clean_environment(), start_new_session=True,
    )  # fmt: skip
    try:
        yield wait_until_started(started, folder, log, port=port, sandbox_port=sandbox_port)
    finally:
        started.send_signal(signal.SIGTERM)
        started.wait(timeout=30)
        shutil.rmtree(folder, ignore_errors=True)
        log.unlink(missing_ok=True)


def wait_until_started(
    started: subprocess.Popen[bytes], folder: Path, log: Path, *, port: int, sandbox_port: int
) -> Demo:
    url, sandbox = f"http://localhost:{port}", f"http://localhost:{sandbox_port}"

    def logins() -> Any:
        assert started.poll() is None, log.read_text()
        try:
            urllib.request.urlopen(f"{url}/readyz", timeout=5).close()
            return read_json(f"{sandbox}/demo/logins.json")
        except OSError:
            return None

    return Demo(url, sandbox, wait_for(logins, seconds=SECONDS_TO_START), folder)


def clean_environment() -> dict[str, str]:
    """Keep the tests' own database and settings from the demo."""
    return {
        name: value for name, value in os.environ.items() if not re.match("KABINET_|DATABASE_|DJANGO_|PYTEST_", name)
    }


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    path = os.environ.get("KABINET_CHROMIUM") or shutil.which("chromium")
    return {"executable_path": path, "args": CHROMIUM_FLAGS}


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, Any]:
    return {"locale": "ru-RU", "viewport": {"width": 1280, "height": 900}, "timezone_id": "Europe/Samara"}


@pytest.fixture
def new_context(new_context: Callable[..., BrowserContext]) -> Iterator[Callable[..., BrowserContext]]:
    """Windows of other people, and every window else: the browser's reports in any of them fail the story."""
    faults: list[str] = []

    def watched(**options: Any) -> BrowserContext:
        opened = new_context(**options)
        watch(opened, faults)
        return opened

    yield watched
    assert faults == []


@pytest.fixture(params=[(360, 740), (1280, 900)], ids=["phone", "desktop"])
def screen(request: pytest.FixtureRequest, page: Page) -> Page:
    """The same page on a phone and on a desktop."""
    width, height = request.param
    page.set_viewport_size({"width": width, "height": height})
    return page


@pytest.fixture(scope="session")
def viewers(demo: Demo, browser: Browser) -> Viewers:
    return Viewers(browser, demo)


@pytest.fixture(scope="session")
def found(viewers: Viewers) -> dict[str, str]:
    """The things that addresses of pages name."""
    return things(viewers) | things_of_b(viewers)


@pytest.fixture(scope="session")
def axe() -> str:
    """The accessibility checker's script."""
    return (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
