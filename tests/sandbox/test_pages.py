"""The sandbox's pages: they open, say what is wrong, and cannot be used from other sites."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from anyio.from_thread import start_blocking_portal
from starlette.applications import Starlette

from kabinet.exchange.values.wire import ReadingsSent
from kabinet.providers.values import DeadlineDay
from sandbox.billing import submissions
from sandbox.billing.tables import open_books
from sandbox.billing.truth import Owner, begin_books
from sandbox.clock import Clock
from sandbox.mailbox.store import Mailbox
from sandbox.settings import Settings, billing_file
from sandbox.site import World
from tests.sandbox.conftest import shift_to, truth
from tests.sandbox.sent import REGISTER, TODAY, sent


class Visitor:
    """Ask a site without a socket."""

    def __init__(self, site: Starlette) -> None:
        self._transport = httpx.ASGITransport(site, raise_app_exceptions=False)

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self.ask("GET", path, **options)

    def post(self, path: str, **options: Any) -> httpx.Response:
        return self.ask("POST", path, **options)

    def ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        async def answer() -> httpx.Response:
            async with httpx.AsyncClient(transport=self._transport, base_url="http://testserver") as client:
                return await client.request(method, path, **options)

        # In a thread of its own: stories that ran before in this process leave Playwright's loop running in this one.
        with start_blocking_portal() as portal:
            return portal.call(answer)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        port=1,
        data=tmp_path,
        portal_url="http://localhost:8000",
        own_url="http://localhost:8100",
        partner_keys={"w": "key of w"},
        clock_shift=shift_to(TODAY),
    )


@pytest.fixture
def visitor(settings: Settings) -> Visitor:
    books = open_books(billing_file(settings.data))
    owner = Owner("w", "first", "МУП <b>Водоканал</b>", "billing", "Europe/Samara", DeadlineDay())
    begin_books(books, owner, truth())
    at = Clock(settings.clock_shift).now()
    with books.transaction() as db:
        for seq in (1, 2):
            submissions.keep(db, "w", ReadingsSent.model_validate(sent(seq, 240)["payload"]), seq=seq, at=at)
    mailbox = Mailbox(settings.mailbox_file)
    mailbox.deliver(b"Subject: <script>\n\nhttp://localhost:8000/x", recipients=["a@example.com"], sender="b", at=at)
    settings.logins_file.write_text(json.dumps(LOGINS), encoding="utf-8")
    return Visitor(World(settings).site)


METER = {"number": "17", "resource": "cold_water", "registers": [{"id": REGISTER, "previous": "0"}]}
LOGINS = {
    "providers": [
        {
            "slug": "w",
            "tag": "W",
            "name": "Водоканал",
            "url": "",
            "users": [{"email": "a", "login": "a", "password": "p", "role": None, "shows": "s"}],
            "unlinked": [
                {
                    "inn": "1",
                    "number": number,
                    "customer_name": "ООО",
                    "deadline_day": day,
                    "window": "?",
                    "shows": "",
                    "meters": [
                        {"number": "17", "resource": "cold_water", "registers": [{"id": REGISTER, "previous": "0"}]}
                    ],
                }
                for number, day in (("1", 10), ("2", 17), ("3", 7))
            ],
            "specialists": [
                {
                    "email": "o",
                    "password": "p",
                    "totp_secret": "JBSWY3DP",
                    "url": "http://localhost:8000/w/office/",
                    "shows": "s",
                }
            ],
        }
    ]
}


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/mailbox",
        "/mailbox?to=a",
        "/mailbox/1",
        "/billing",
        "/billing/w",
        "/billing/w?state=waiting",
        "/billing/w/journal",
        "/demo",
    ],
)
def test_page_opens_with_strict_policy(visitor: Visitor, path: str) -> None:
    response = visitor.get(path)

    assert response.status_code == 200
    assert "Песочница: мир вокруг портала" in response.text
    assert "default-src 'self'" in response.headers["content-security-policy"]
    assert "unsafe" not in response.headers["content-security-policy"]
    assert "<script" not in response.text
    assert "<b>Водоканал" not in response.text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/nothing", 404),
        ("/mailbox/99", 404),
        ("/mailbox/99999999999999999999999", 404),
        ("/billing/x", 404),
        ("/billing/w/faults", 405),
    ],
)
def test_errors_are_pages(visitor: Visitor, path: str, status: int) -> None:
    response = visitor.get(path)

    assert response.status_code == status
    assert f"Ошибка {status}" in response.text


def test_sheet_of_logins_shows_how_a_specialist_signs_in(visitor: Visitor) -> None:
    page = visitor.get("/demo").text

    assert "http://localhost:8000/w/office/" in page
    assert "JBSWY3DP" in page


def test_person_comes_back_to_the_page(visitor: Visitor) -> None:
    response = visitor.post("/billing/w/faults", data={"kind": "refuse_all"})

    assert (response.status_code, response.headers["location"]) == (303, "/billing/w")
    assert '<option value="refuse_all" selected>' in visitor.get("/billing/w").text


@pytest.mark.parametrize(
    "headers", [{"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}]
)
def test_other_sites_cannot_press_buttons(visitor: Visitor, headers: dict[str, str]) -> None:
    response = visitor.post("/mailbox/delete", headers=headers)

    assert response.status_code == 403
    assert len(visitor.get("/mailbox/messages.json").json()) == 1


def test_foreign_host_name_is_refused(visitor: Visitor) -> None:
    assert visitor.get("/", headers={"Host": "evil.example"}).status_code == 400


def test_all_letters_are_deleted(visitor: Visitor) -> None:
    visitor.post("/mailbox/delete", headers={"Origin": "http://testserver"})

    assert visitor.get("/mailbox/messages.json").json() == []


@pytest.mark.parametrize(("body", "status"), [(b"{", 400), (b"[]", 400), (b"\xff", 400), (b"{" * 100_000, 413)])
def test_bad_bodies_are_told(visitor: Visitor, body: bytes, status: int) -> None:
    response = visitor.post("/billing/w/faults", content=body, headers={"Content-Type": "application/json"})

    assert response.status_code == status
    assert "error" in response.json()


def test_mailbox_keeps_the_newest(settings: Settings) -> None:
    mailbox = Mailbox(settings.mailbox_file, kept=3)

    for number in range(5):
        mailbox.deliver(b"Subject: %d\n\n" % number, recipients=["a@example.com"], sender="", at=Clock().now())

    assert [kept.letter.subject for kept in mailbox.letters()] == ["4", "3", "2"]
    assert mailbox.count() == 3


def test_logins_tell_windows_and_previous_as_of_now(visitor: Visitor) -> None:
    sheet = visitor.get("/demo/logins.json").json()

    assert sheet["today"] == TODAY.isoformat()
    assert (sheet["base_url"], sheet["mailbox"]) == ("http://localhost:8000", "http://localhost:8100/mailbox")
    (provider,) = sheet["providers"]
    assert provider["url"] == "http://localhost:8000/w/"
    assert [contract["window"] for contract in provider["unlinked"]] == ["open", "soon", "closed"]
    assert provider["unlinked"][0]["meters"][0]["registers"][0]["previous"] == "231"


def test_logins_without_a_loaded_demonstration(settings: Settings) -> None:
    visitor = Visitor(World(settings).site)

    assert visitor.get("/demo/logins.json").json()["providers"] == []
    assert visitor.get("/billing").status_code == 200
