"""Who looks at pages: everybody signed in once, and what the pages of one thing are about."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from playwright.sync_api import Browser, BrowserContext

from tests.journeys import office, steps

ID: Final = "[0-9a-f]{8}-[0-9a-f-]{27}"
ACCOUNTANT: Final = "buh@example.com"


@dataclass
class Viewers:
    """The cookies of those who may see pages; each signs in when first asked for, without showing it."""

    browser: Browser
    demo: Any
    _states: dict[str, Any] = field(default_factory=dict)

    def state_of(self, viewer: str) -> Any:
        ways: dict[str, Callable[[BrowserContext], None]] = {
            "anonymous": lambda _context: None,
            "accountant": lambda context: self._sign_in(context, "w"),
            # A customer of W who comes to V for the first time is asked for V's agreements.
            "waiting": lambda context: self._sign_in(context, "v"),
            "specialist": lambda context: office.sign_in(context, office.specialist_of(self.demo)),
            "half way": lambda context: office.pass_password(context, office.specialist_of(self.demo)),
            "newly appointed": lambda context: office.pass_password(context, office.appointed(self.demo)),
        }
        if viewer not in self._states:
            context = self.browser.new_context()
            ways[viewer](context)
            self._states[viewer] = context.storage_state()
            context.close()
        return self._states[viewer]

    def _sign_in(self, context: BrowserContext, slug: str) -> None:
        fields = {"email": ACCOUNTANT, "password": self.demo.user(ACCOUNTANT)["password"]}
        steps.post_form(context, f"{self.demo.url}/{slug}/sign-in/", fields)


def things(viewers: Viewers) -> dict[str, str]:
    """Find one thing of each kind that an address names, and open the cards that ask for a reason."""
    demo, browser = viewers.demo, viewers.browser
    customer = browser.new_context(storage_state=viewers.state_of("accountant"))
    contract = first(customer, f"{demo.url}/w/contracts/", rf"/contracts/({ID})/")
    _number, told = steps.ask(customer, demo, ACCOUNTANT, text="Когда появится новый счётчик?")
    desk = browser.new_context(storage_state=viewers.state_of("specialist"))
    url = office.specialist_of(demo)["url"]
    for_reason = {"reason": "call", "reference": ""}
    steps.answer_form(desk, f"{url}contracts/{contract}/", desk.request.get(url).text(), for_reason, stays=True)
    person = first(desk, f"{url}contracts/{contract}/", rf"/people/({ID})/")
    steps.answer_form(desk, f"{url}people/{person}/", desk.request.get(url).text(), for_reason, stays=True)
    return {
        "$contract": contract,
        "$person": person,
        "$receipt": told.rstrip("/").rpartition("/")[2],
        "$ticket": first(desk, f"{url}tickets/", rf"/tickets/({ID})/"),
        "$entry": first(desk, f"{url}answers/", rf"/answers/({ID})/"),
    }


def first(context: BrowserContext, url: str, pattern: str) -> str:
    """Return the first thing that a page leads to."""
    found = re.search(pattern, context.request.get(url).text())
    assert found, f"{url} leads to nothing like {pattern}"
    return found[1]
