"""The pages that people can open by an address, as authz.yml has them, and who looks at each."""

from dataclasses import dataclass
from typing import Any, Final

import yaml
from django.urls import NoReverseMatch, reverse

from tests.journeys.conftest import ROOT

# What is no page: probes, the exchange, styles, files.
NOT_PAGES: Final = (
    "infra:",
    "exchange:",
    "web:brand",
    "contracts:card_file",
    "contracts:annex",
    "help:manual_pdf",
    "tickets:file",
    "staff:ticket_file",
    "billing:slip_file",
)
# Pages of sections that no provider of the demo opens yet: for W they do not exist.
NOT_OPEN: Final = (
    "contracts:add", "contracts:confirm", "contracts:people", "contracts:grant", "contracts:change_role",
    "contracts:revoke", "readings:file", "readings:point", "readings:meter",
    "tickets:list", "tickets:choose", "tickets:write", "tickets:ticket",
    "tickets:ask_access", "billing:slip",
)  # fmt: skip
# Parts of addresses; a name with $ is found in the demo by the stories' `found`.
PARTS: Final[dict[str, list[Any]]] = {
    "accounts:agreement": ["terms"],
    "accounts:agreement_version": ["personal_data", 1],
    "contracts:card": ["$contract"],
    "contracts:unlink": ["$contract"],
    "tickets:accepted": ["$receipt"],
    "staff:contract": ["$contract"],
    "staff:history": ["$contract"],
    "staff:person": ["$person"],
    "staff:recovery": ["$person"],
    "staff:ticket": ["$ticket"],
    "staff:edit_answer": ["$entry"],
}
# Addresses that answer a GET by leading to another page, and to which.
LEADING_ON: Final = {
    "accounts:prove_email": "accounts:profile",
    "accounts:letters": "accounts:profile",
    # W asks for everything at sign-up: nobody is left to be asked.
    "accounts:introduce": "home:start",
    "accounts:introduce_phone": "home:start",
}
# Pages that neither customers nor specialists see, but people on their way in.
ON_THE_WAY: Final = {
    "accounts:accept_agreements": "waiting",
    "staff:sign_in": "anonymous",
    "staff:factor": "half way",
    "staff:set_factor": "newly appointed",
}


@dataclass(frozen=True)
class Visit:
    """A page and who opens it."""

    route: str
    viewer: str

    def address(self, url: str, found: dict[str, str]) -> str:
        """Return the address: at W, but for who comes to V for the first time."""
        slug = "v" if self.viewer == "waiting" else "w"
        return f"{url}/{slug}{path_of(self.route, found)}"


def path_of(route: str, found: dict[str, str] | None = None) -> str:
    """Return the address within a provider."""
    parts = [(found or {}).get(str(part), part) for part in PARTS.get(route, [])]
    try:
        return reverse(route, args=parts)
    except NoReverseMatch:
        raise AssertionError(f"{route} has parts in its address: name them in PARTS") from None


def rows() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load((ROOT / "authz.yml").read_text(encoding="utf-8"))
    shown = [row for row in found if "GET" in row.get("methods", ["GET"]) and row["allow"]]
    return [row for row in shown if not row["route"].startswith((*NOT_PAGES, *NOT_OPEN))]


def visits() -> list[Visit]:
    """Return a visit to every page of authz.yml, by one of those who may open it."""
    return [Visit(row["route"], viewer_of(row)) for row in rows() if row["route"] not in LEADING_ON]


def viewer_of(row: dict[str, Any]) -> str:
    if row["route"] in ON_THE_WAY:
        return ON_THE_WAY[row["route"]]
    if row["route"].startswith("staff:"):
        return "specialist"
    return "anonymous" if "anonymous" in row["allow"] else "accountant"
