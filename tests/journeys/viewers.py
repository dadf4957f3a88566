"""Who looks at pages: everybody signed in once, and what the pages of one thing are about."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from playwright.sync_api import Browser, BrowserContext

from tests.journeys import business, office, steps

ID: Final = "[0-9a-f]{8}-[0-9a-f-]{27}"
ACCOUNTANT: Final = "buh@example.com"
# Of a contract of the retailer.
ADMINISTRATOR: Final = "energo@example.com"


@dataclass
class Viewers:
    """The cookies of those who may see pages; each signs in when first asked for, without showing it."""

    browser: Browser
    demo: Any
    _states: dict[str, Any] = field(default_factory=dict)

    def state_of(self, viewer: str) -> Any:
        ways: dict[str, Callable[[BrowserContext], object]] = {
            "anonymous": lambda _context: None,
            "accountant": lambda context: self._sign_in(context, "w"),
            # A customer of W who comes to V for the first time is asked for V's agreements.
            "waiting": lambda context: self._sign_in(context, "v"),
            "specialist": lambda context: office.sign_in(context, office.specialist_of(self.demo)),
            "half way": lambda context: office.pass_password(context, office.specialist_of(self.demo)),
            "newly appointed": lambda context: office.pass_password(context, office.appointed(self.demo)),
            "administrator of B": lambda context: business.come_in(context, self.demo, ADMINISTRATOR),
            "unknown of B": lambda context: business.come_in(context, self.demo, "novichok@example.com"),
            "half known of B": lambda context: business.half_known(context, self.demo),
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
        "$meter_of_w": first(customer, f"{demo.url}/w/readings/archive/", rf"/readings/meters/({ID})/"),
        "$person": person,
        "$receipt": told.rstrip("/").rpartition("/")[2],
        "$ticket": first(desk, f"{url}tickets/", rf"/tickets/({ID})/"),
        "$entry": first(desk, f"{url}answers/", rf"/answers/({ID})/"),
    }


def things_of_b(viewers: Viewers) -> dict[str, str]:
    """Find, or make, one thing of each kind that an address of the retailer's portal names."""
    demo, url = viewers.demo, f"{viewers.demo.url}/b"
    context = viewers.browser.new_context(storage_state=viewers.state_of("administrator of B"))
    own = first(context, f"{url}/profile/contracts/", rf"/contracts/({ID})/people/")
    section = first(context, f"{url}/tickets/new/", rf'value="({ID})"[^>]*>[^<]*Работа личного кабинета')
    steps.post_form(context, f"{url}/tickets/new/{section}/", {"text": "Когда поверка?"}, ticked=("key",))
    guest, added = viewers.browser.new_context(), business.claim(demo)
    business.customer(guest, demo)
    business.add(guest, demo, added)
    history = f"{url}/readings/history/?contract={own}"
    point = first(context, history, rf"open=({ID})")
    return {
        "$meter": first(context, f"{history}&open={point}", rf"/readings/meters/({ID})/"),
        "$own": own,
        "$member": first(context, f"{url}/contracts/{own}/people/", rf"/people/({ID})/revoke/"),
        "$section": section,
        "$ticket_of_b": first(context, f"{url}/tickets/", rf"/tickets/({ID})/"),
        "$file": business.sent_file(context, f"{url}/readings/files/{own}/"),
        "$link_token": business.link_of_letter(demo, added).rstrip("/").rpartition("/")[2],
    }


def first(context: BrowserContext, url: str, pattern: str) -> str:
    """Return the first thing that a page leads to."""
    found = re.search(pattern, context.request.get(url).text())
    assert found, f"{url} leads to nothing like {pattern}"
    return found[1]
