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
    "readings:file_template",
    "readings:file_marked",
    "readings:history_file",
    "tickets:file",
    "staff:ticket_file",
    "staff:tariffs_template",
    "staff:price_list_file",
    "billing:slip_file",
)
# Pages that the retailer for business opens and W does not; its people see them.
OF_B: Final = (
    "contracts:add", "contracts:confirm", "contracts:people", "contracts:grant", "contracts:change_role",
    "contracts:revoke", "readings:file", "readings:point", "readings:history",
    "readings:verification", "tickets:list", "tickets:choose", "tickets:write", "tickets:ticket",
    "tickets:ask_access",
)  # fmt: skip
# Pages of the private customer's portal, visited by the stories of households and by test_references.py.
OF_P: Final = (
    "contracts:link_account", "contracts:sign_up_password", "accounts:recover_link", "readings:public",
    "readings:household", "staff:doubt", "tickets:requests", "tickets:order", "tickets:statement",
    "readings:household", "staff:doubt", "billing:calculator", "billing:common_needs", "staff:tariffs",
    "staff:price_list", "billing:slip", "billing:personal", "help:references", "staff:branch",
)  # fmt: skip
# Pages that look otherwise there than at W: visited at both.
ALSO_OF_B: Final = (
    "home:front", "home:start", "accounts:sign_in", "accounts:sign_up", "accounts:introduce",
    "accounts:introduce_phone", "accounts:profile", "contracts:of_profile", "contracts:card", "billing:acts",
    "help:answers", "readings:meter",
)  # fmt: skip
# Parts of addresses; a name with $ is found in the demo by the stories' `found`.
PARTS: Final[dict[str, list[Any]]] = {
    "accounts:agreement": ["terms"],
    "accounts:agreement_version": ["personal_data", 1],
    "contracts:card": ["$contract"],
    "contracts:unlink": ["$contract"],
    "readings:meter": ["$meter_of_w"],
    "tickets:accepted": ["$receipt"],
    "staff:contract": ["$contract"],
    "staff:history": ["$contract"],
    "staff:person": ["$person"],
    "staff:recovery": ["$person"],
    "staff:ticket": ["$ticket"],
    "staff:edit_answer": ["$entry"],
    "staff:reference": ["prices"],
}
# The same of the retailer.
PARTS_OF_B: Final[dict[str, list[Any]]] = {
    "contracts:confirm": ["$link_token"],
    "contracts:people": ["$own"],
    "contracts:grant": ["$own"],
    "contracts:change_role": ["$own", "$member"],
    "contracts:revoke": ["$own", "$member"],
    "contracts:card": ["$own"],
    "readings:file": ["$own", "$file"],
    "readings:file_new": ["$own"],
    "readings:file_withdraw": ["$own", "$file"],
    "readings:meter": ["$meter"],
    "tickets:write": ["$section"],
    "tickets:write_about": ["$section", "$own"],
    "tickets:ticket": ["$ticket_of_b"],
}
# Addresses that answer a GET by leading to another page, and to which.
LEADING_ON: Final = {
    "accounts:prove_email": "accounts:profile",
    "accounts:letters": "accounts:profile",
    # W asks for everything at sign-up: nobody is left to be asked.
    "accounts:introduce": "home:start",
    "accounts:introduce_phone": "home:start",
}
# At the retailer asking for a role leads to the form of a ticket, a supply point by itself to the list.
LEADING_ON_OF_B: Final = ("tickets:ask_access", "readings:point")
# Pages that neither customers nor specialists see, but people on their way in.
ON_THE_WAY: Final = {
    "accounts:accept_agreements": "waiting",
    "staff:sign_in": "anonymous",
    "staff:factor": "half way",
    "staff:set_factor": "newly appointed",
}
ON_THE_WAY_OF_B: Final = {
    "home:front": "anonymous",
    "accounts:sign_in": "anonymous",
    "accounts:sign_up": "anonymous",
    "contracts:confirm": "anonymous",
    "accounts:introduce": "unknown of B",
    "accounts:introduce_phone": "half known of B",
}


@dataclass(frozen=True)
class Visit:
    """A page, who opens it, and at whose portal."""

    route: str
    viewer: str
    slug: str = "w"

    @property
    def name(self) -> str:
        return self.route if self.slug == "w" else f"{self.slug} {self.route}"

    def address(self, url: str, found: dict[str, str]) -> str:
        """Return the address; who comes to V for the first time is a customer of W."""
        slug = "v" if self.viewer == "waiting" else self.slug
        return f"{url}/{slug}{path_of(self.route, found, parts=PARTS_OF_B if slug == 'b' else PARTS)}"


def path_of(route: str, found: dict[str, str] | None = None, *, parts: dict[str, list[Any]] = PARTS) -> str:
    """Return the address within a provider."""
    named = [(found or {}).get(str(part), part) for part in parts.get(route, [])]
    try:
        return reverse(route, args=named)
    except NoReverseMatch:
        raise AssertionError(f"{route} has parts in its address: name them in PARTS") from None


def rows() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load((ROOT / "authz.yml").read_text(encoding="utf-8"))
    shown = [row for row in found if "GET" in row.get("methods", ["GET"]) and row["allow"]]
    return [row for row in shown if not row["route"].startswith(NOT_PAGES)]


def visits() -> list[Visit]:
    """Return a visit to every page of authz.yml by one of those who may open it, and to the retailer's."""
    of_w = [row for row in rows() if row["route"] not in LEADING_ON and not row["route"].startswith(OF_B + OF_P)]
    of_b = {row["route"]: None for row in rows() if row["route"].startswith(OF_B) or row["route"] in ALSO_OF_B}
    return [Visit(row["route"], viewer_of(row)) for row in of_w] + [
        Visit(route, ON_THE_WAY_OF_B.get(route, "administrator of B"), slug="b")
        for route in of_b
        if route not in LEADING_ON_OF_B
    ]


def viewer_of(row: dict[str, Any]) -> str:
    if row["route"] in ON_THE_WAY:
        return ON_THE_WAY[row["route"]]
    if row["route"].startswith("staff:"):
        return "specialist"
    return "anonymous" if "anonymous" in row["allow"] else "accountant"
