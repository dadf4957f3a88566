"""People without scripts: they fill in the forms that the pages give them, and press again until they are told."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from itertools import count
from threading import Lock
from typing import Any, Final
from urllib.parse import parse_qsl, urljoin
from uuid import uuid4

import httpx
from lxml import html

from tests.faults.demo import Demo

SEND: Final = "/w/readings/cold-water/"
SUCCESS: Final = "Успешно! Данные переданы"
BUSY: Final = "Кабинет сейчас занят"
OUTAGES: Final[dict[int, tuple[str, ...]]] = {
    HTTPStatus.SERVICE_UNAVAILABLE: ("Кабинет временно недоступен", BUSY),
    HTTPStatus.INSUFFICIENT_STORAGE: ("Закончилось место для новых данных",),
}
ALREADY: Final = "уже подключён к вашему кабинету"
KEPT: Final = "отправьте ещё раз, второй записи не появится"
KEPT_BY_BUSY: Final = "не закрывайте её и через несколько секунд отправьте ещё раз"
PASSWORD: Final = "Udmurtia-2026-rain"
# Each request by a connection of its own, so that every web process gets its part.
ONE_EACH: Final = httpx.Limits(max_keepalive_connections=0)
PAUSE_SECONDS: Final = 0.3
# As a person would: whoever waits for so long goes away, and the test fails.
PATIENCE_SECONDS: Final = 240
# Within what a meter usually runs in a month: nothing has to be confirmed.
USUAL: Final = 20
_people = count(1)


class GaveUp(Exception):
    """Raised when nobody acknowledged for so long that a person would have gone away."""


@dataclass(frozen=True)
class Acknowledged:
    """A reading of which a person was told that it was sent."""

    key: str
    email: str
    contract: str
    register: str
    value: int
    tries: int


@dataclass
class Ledger:
    """What everybody was told: acknowledgements, every answer by its status, and whatever was no answer for people."""

    acknowledged: list[Acknowledged] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    tried: set[str] = field(default_factory=set)
    lock: Lock = field(default_factory=Lock)

    def note(self, answer: httpx.Response) -> None:
        """Count an answer; 5xx other than 503 with its page and its time is a fault."""
        with self.lock:
            self.answers[str(answer.status_code)] += 1
            if fault := fault_of(answer):
                self.faults.append(f"{answer.request.method} {answer.request.url.path}: {fault}")

    def note_lost(self, error: httpx.HTTPError) -> None:
        """Count a connection that broke."""
        with self.lock:
            self.answers[type(error).__name__] += 1

    def note_tried(self, key: str) -> None:
        with self.lock:
            self.tried.add(key)

    def note_acknowledged(self, told: Acknowledged) -> None:
        with self.lock:
            self.acknowledged.append(told)


def fault_of(answer: httpx.Response) -> str:
    """Say what is wrong with an answer that people should never see."""
    if answer.status_code in {HTTPStatus.OK, HTTPStatus.FOUND}:
        return ""
    if answer.status_code not in OUTAGES:
        return f"{answer.status_code}: {answer.text[:300]!r}"
    if "Retry-After" not in answer.headers:
        return f"{answer.status_code} without Retry-After"
    if not any(words in answer.text for words in OUTAGES[answer.status_code]):
        return f"{answer.status_code} without its page: {answer.text[:300]!r}"
    if is_typed(answer.request) and not is_kept(answer):
        return f"{answer.status_code} to a form that does not say what became of it, or has lost what was typed"
    return ""


def is_typed(request: httpx.Request) -> bool:
    """Say whether the request was a form without files: one with files is chosen anew by its person."""
    return str(request.headers.get("Content-Type")) == "application/x-www-form-urlencoded"


def is_kept(answer: httpx.Response) -> bool:
    """Say whether the page of an outage holds the form that was sent, to be sent again."""
    typed = sorted(parse_qsl(answer.request.content.decode(), keep_blank_values=True))
    return (KEPT in answer.text or KEPT_BY_BUSY in answer.text) and typed in [
        sorted(form.form_values()) for form in html.fromstring(answer.text).forms
    ]


class Person:
    """A newcomer with a browser."""

    def __init__(self, demo: Demo, ledger: Ledger, spare: Callable[[], Any]) -> None:
        self.demo = demo
        self.ledger = ledger
        self.spare = spare
        self.email = f"faults-{next(_people)}@example.com"
        self.browser = httpx.Client(base_url=demo.url, timeout=30, limits=ONE_EACH, trust_env=False)
        self.contract = ""
        self.registers: dict[str, int] = {}

    def sign_up(self) -> None:
        """Sign up and confirm the address by the code of the letter."""
        self._fill("/w/sign-up/", "email", {
            "organisation": "ООО «Стойкая»", "last_name": "Петрова", "first_name": "Мария", "middle_name": "Ивановна",
            "phone": "8 912 345-67-89", "email": self.email, "password": PASSWORD, "again": PASSWORD,
        })  # fmt: skip
        self._fill("/w/confirm-email/", "code", {"code": self.demo.code_for(self.email)})

    def sign_in(self, slug: str, user: Any) -> None:
        """Come in as one of the demonstration's people."""
        self.email = user["email"]
        self._fill(f"/{slug}/sign-in/", "password", {"email": user["login"], "password": user["password"]})

    def link(self, contract: Any) -> None:
        """Link a contract and learn its registers with what they showed."""
        self._fill("/w/contracts/link/", "inn", {"inn": contract["inn"], "number": contract["number"]})
        form = self._form(SEND, wanted="key-")
        self.contract = next(name.removeprefix("key-") for name in form if name.startswith("key-"))
        shown = {
            register["id"]: int(float(register["previous"]))
            for meter in contract["meters"]
            for register in meter["registers"]
        }
        names = self.demo.ask("SELECT id, external_id FROM contracts_register WHERE contract_id = %s", self.contract)
        fields = {name.removeprefix("value-") for name in form if name.startswith("value-")}
        self.registers = {
            str(row["id"]): shown[row["external_id"]]
            for row in names
            if str(row["id"]) in fields and row["external_id"] in shown
        }

    def send(self, register: str, value: int, *, body: dict[str, str] | None = None) -> Acknowledged:
        """Send one reading: open the page, then press until an acknowledgement comes, always the same form."""
        body = body or self.fill_in(register, value)
        key = body[f"key-{self.contract}"]
        self.ledger.note_tried(key)
        tries = count(1)
        told: Acknowledged = self.until_told(lambda: self.press(body, next(tries)), what=f"{register} {value}")
        self.ledger.note_acknowledged(told)
        return told

    def next_value(self, register: str, showed: int) -> int:
        """Return a value that differs from the one before, since an equal one would be no new act, and is usual."""
        told = [one.value for one in self.ledger.acknowledged if one.register == register]
        return showed + 1 + (told[-1] - showed if told else 0) % USUAL

    def fill_in(self, register: str, value: int) -> dict[str, str]:
        """Return the page's form with one value, under the page's own key."""
        form = self.form(SEND, wanted=f"key-{self.contract}")
        key = f"key-{self.contract}"
        return {
            "csrfmiddlewaretoken": form["csrfmiddlewaretoken"], key: form[key], f"value-{register}": str(value),
            "send": self.contract,
        }  # fmt: skip

    def fill_in_again(self, before: dict[str, str], register: str, value: int) -> dict[str, str]:
        """Return the form of a page that was opened before, under a new key, as a program would send it."""
        carried = {name: before[name] for name in ("csrfmiddlewaretoken", "send")}
        return {**carried, f"key-{self.contract}": str(uuid4()), f"value-{register}": str(value)}

    def press(self, body: dict[str, str], tries: int = 1) -> Acknowledged | None:
        """Press the button once; say what was acknowledged, nothing when the answer was none."""
        answer = self._ask("POST", SEND, data=body)
        if answer is None or answer.status_code in OUTAGES:
            return None
        if answer.headers.get("Location") != SEND and SUCCESS not in answer.text:
            self.ledger.faults.append(f"not taken, {answer.status_code}: {words_in(answer)}")
            return None
        register = next(name.removeprefix("value-") for name in body if name.startswith("value-"))
        value = int(body[f"value-{register}"])
        return Acknowledged(body[f"key-{self.contract}"], self.email, self.contract, register, value, tries)

    def is_told(self, path: str, body: dict[str, str], *, files: Any, leads_to: str) -> bool:
        """Press a button once and say whether it led where success leads; an answer that is neither is a fault."""
        answer = self._ask("POST", path, data=body, files=files)
        if answer is None or answer.status_code in OUTAGES:
            return False
        told = answer.headers.get("Location", "").startswith(leads_to) or ALREADY in answer.text
        if not told:
            self.ledger.faults.append(f"not taken, {answer.status_code}: {words_in(answer)}")
        return told

    def form(self, path: str, *, wanted: str) -> dict[str, str]:
        """Return the fields of a page's form, however often the page has to be asked for."""
        fields: dict[str, str] = self.until_told(lambda: self._form(path, wanted=wanted), what=path)
        return fields

    def answer_to(self, path: str, body: dict[str, str], *, wanted: str) -> dict[str, str]:
        """Press a button whose answer is the next page, and return the fields of its form."""
        fields: dict[str, str] = self.until_told(
            lambda: self._fields(self._ask("POST", path, data=body), wanted=wanted), what=path
        )
        return fields

    def until_told(self, act: Callable[[], Any], *, what: str) -> Any:
        """Do it again until there is an answer, as the page of the outage says."""
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until:
            if told := act():
                return told
            time.sleep(PAUSE_SECONDS)
        raise GaveUp(what)

    def _ask(self, method: str, path: str, **facts: Any) -> httpx.Response | None:
        try:
            answer = self.browser.request(method, path, **facts)
        except httpx.HTTPError as error:
            self.ledger.note_lost(error)
            return None
        self.ledger.note(answer)
        return answer

    def _form(self, path: str, *, wanted: str) -> dict[str, str]:
        """Return the fields of the page's form that has the wanted one; nothing when the page did not come."""
        return self._fields(self._ask("GET", path), wanted=wanted)

    @staticmethod
    def _fields(answer: httpx.Response | None, *, wanted: str) -> dict[str, str]:
        if answer is None or answer.status_code != HTTPStatus.OK:
            return {}
        for form in html.fromstring(answer.content).forms:
            if any(str(name).startswith(wanted) for name in form.fields):
                return dict(form.form_values())
        return {}

    def _fill(self, path: str, wanted: str, typed: dict[str, str]) -> None:
        """Fill a form in, with all boxes of agreements ticked but that of advertising, and follow where it leads."""
        page = self._let_in("GET", path).raise_for_status()
        form = next(form for form in html.fromstring(page.content).forms if wanted in form.fields)
        boxes = {box.name: box.get("value") for box in form.xpath(".//input[@type='checkbox']") if box.name in BOXES}
        to = urljoin(path, form.action or path)
        answer = self._let_in("POST", to, data={**dict(form.form_values()), **boxes, **typed})
        assert answer.status_code == HTTPStatus.FOUND, f"{path}: {words_in(answer)}"

    def _let_in(self, method: str, path: str, **facts: Any) -> httpx.Response:
        """Ask, and come again while the portal is busy: of what it puts off it has done nothing."""

        def answer() -> httpx.Response | None:
            given = self.browser.request(method, path, **facts)
            return None if BUSY in given.text else given

        told: httpx.Response = self.until_told(answer, what=path)
        return told


BOXES: Final = {"terms", "personal_data"}


def words_in(answer: httpx.Response) -> str:
    """Return what the page says, for a message."""
    return " ".join(html.fromstring(answer.content).text_content().split())[:600] if answer.content else ""
