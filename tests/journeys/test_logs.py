"""What a started demo writes into its logs: nothing that is somebody's, nothing that opens anything (TRUST 11)."""

import json
import re

import pytest
from playwright.sync_api import Page

from tests.journeys import steps

pytestmark = pytest.mark.journey

ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")
PARTS = ("portal.log", "worker.log", "relay.log")


def logs_of(demo):
    return {name: (demo.data / "logs" / name).read_text(encoding="utf-8", errors="replace") for name in PARTS}


@pytest.mark.spec("STAFF-02")
def test_logs_tell_nothing_of_people(page: Page, demo):
    """Of this story and of all that ran before it."""
    email = steps.sign_up(page, demo)
    codes = [str(letter["code"]) for letter in demo.letters_to(email) if letter["code"]]
    steps.ask(page.context, demo, email, text="Слово-о-счётчике")
    page.context.request.post(f"{demo.url}/w/sign-in/", form={"email": email, "password": "не-тот-пароль"})
    cookies = [cookie["value"] for cookie in page.context.cookies() if len(cookie["value"]) > 20]
    keys = json.loads((demo.data / "secrets.json").read_text(encoding="utf-8"))
    opening = [steps.PASSWORD, "не-тот-пароль", *cookies, keys["secret_key"], keys["database_password"],
               *keys["partner_keys"].values()]  # fmt: skip

    told = logs_of(demo)

    assert codes
    assert cookies
    assert told["portal.log"]
    assert told["worker.log"]
    for name, text in told.items():
        assert [one for one in (*opening, "Слово-о-счётчике", "Петрова", "9123456789") if one in text] == [], name
        assert sorted(set(ADDRESS.findall(text))) == [], name
        assert [code for code in codes if re.search(rf"\b{code}\b", text)] == [], name
