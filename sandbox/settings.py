"""What the process is told by its environment."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final

# Grows when a table changes: an older file is left alone, and the demonstration begins new ones.
SCHEMA: Final = 1


class SettingWrong(Exception):
    """Raised when a setting cannot be read; says which, in words for the person who starts the process."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the sandbox listens, keeps its state and finds the portal."""

    port: int
    data: Path
    portal_url: str
    own_url: str
    smtp_port: int | None = None
    partner_keys: Mapping[str, str] = field(default_factory=dict)
    clock_shift: timedelta = timedelta()

    @property
    def folder(self) -> Path:
        return self.data / "sandbox"

    @property
    def mailbox_file(self) -> Path:
        return self.folder / f"mailbox-{SCHEMA}.sqlite3"

    @property
    def billing_file(self) -> Path:
        return billing_file(self.data)

    @property
    def logins_file(self) -> Path:
        return self.data / "logins.json"


def billing_file(data: Path) -> Path:
    """Return where the billing system keeps its books; the demo's loader writes there too."""
    return data / "sandbox" / f"billing-{SCHEMA}.sqlite3"


def from_environment(port: int, environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings that `./run` gives; each has a default that works without it."""
    return Settings(
        port=port,
        data=Path(environment.get("KABINET_DATA") or "data").absolute(),
        portal_url=(environment.get("KABINET_BASE_URL") or "http://localhost:8000").rstrip("/"),
        own_url=(environment.get("KABINET_SANDBOX_URL") or f"http://localhost:{port}").rstrip("/"),
        smtp_port=_integer(environment, "KABINET_SANDBOX_SMTP_PORT"),
        partner_keys=_keys(environment.get("KABINET_PARTNER_KEYS") or "{}"),
        clock_shift=timedelta(seconds=_integer(environment, "KABINET_CLOCK_SHIFT") or 0),
    )


def _integer(environment: Mapping[str, str], name: str) -> int | None:
    text = environment.get(name, "").strip()
    try:
        return int(text) if text else None
    except ValueError:
        raise SettingWrong(f"{name} должна быть целым числом, а не «{text}»") from None


def _keys(text: str) -> dict[str, str]:
    try:
        keys = json.loads(text)
    except ValueError:
        keys = None
    if not isinstance(keys, dict):
        raise SettingWrong('KABINET_PARTNER_KEYS должна быть объектом JSON: {"w": "ключ"}')
    return {str(slug): str(key) for slug, key in keys.items() if key}
