"""The pages that customers can open by an address, as authz.yml has them."""

from typing import Any, Final

import yaml
from django.urls import NoReverseMatch, reverse

from tests.journeys.conftest import ROOT

# What is no page of customers: probes, the exchange, the office, files.
NOT_PAGES: Final = ("infra:", "exchange:", "staff:", "web:brand", "help:manual_pdf")
# Pages whose address has a part that must be known; None is a page that only a story can reach.
PARTS: Final[dict[str, list[Any] | None]] = {
    "accounts:agreement": ["terms"],
    "accounts:agreement_version": ["personal_data", 1],
    "accounts:end_session": None,
    "billing:act_file": None,
    "contracts:unlink": None,
    "tickets:accepted": None,
    "tickets:file": None,
}


def rows() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load((ROOT / "authz.yml").read_text(encoding="utf-8"))
    shown = [row for row in found if "GET" in row.get("methods", ["GET"]) and row["allow"]]
    return [row for row in shown if not row["route"].startswith(NOT_PAGES)]


def path_of(route: str) -> str | None:
    """Return the address within a provider; None where only a story leads there."""
    parts = PARTS.get(route, [])
    if parts is None:
        return None
    try:
        return reverse(route, args=parts)
    except NoReverseMatch:
        raise AssertionError(f"{route} has parts in its address: name them in PARTS") from None


def anonymous() -> list[str]:
    return [row["route"] for row in rows() if "anonymous" in row["allow"] and path_of(row["route"])]


def signed_in() -> list[str]:
    """Return the pages of a customer who holds a contract, those of everybody apart: they were seen already."""
    return [row["route"] for row in rows() if "anonymous" not in row["allow"] and path_of(row["route"])]
