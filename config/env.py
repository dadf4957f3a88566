"""Typed readers of the environment that fail loudly."""

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit


class SettingMissing(Exception):
    """Raised when a setting that has no safe default is absent."""


def text(name: str, default: str | None = None) -> str:
    """Return the setting; `NAME_FILE` may point at a file that holds it."""
    if value := os.environ.get(name):
        return value
    if path := os.environ.get(f"{name}_FILE"):
        return Path(path).read_text(encoding="utf-8").strip()
    if default is None:
        raise SettingMissing(f"Задайте переменную окружения {name} (или {name}_FILE)")
    return default


def integer(name: str, default: int) -> int:
    raw = os.environ.get(name, "")
    try:
        return int(raw) if raw else default
    except ValueError:
        raise SettingMissing(f"{name} должна быть целым числом, а не «{raw}»") from None


def words(name: str, default: str = "") -> list[str]:
    """Return a comma-separated list without blanks."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def address(name: str) -> tuple[str, int] | str | None:
    """Return a host with its port, or the path of a socket on this machine; None where nothing is set."""
    raw = os.environ.get(name, "").strip()
    if not raw or raw.startswith("/"):
        return raw or None
    host, _, port = raw.rpartition(":")
    if not host or not port.isdecimal():
        raise SettingMissing(f"{name} должна быть вида host:port или путём к сокету, а не «{raw}»")
    return host.strip("[]"), int(port)


def smtp(name: str, default: str) -> dict[str, object]:
    """Return Django's EMAIL_* settings from `smtp[s]://user:password@host:port`."""
    url = urlsplit(text(name, default))
    return {
        "EMAIL_HOST": url.hostname or "localhost",
        "EMAIL_PORT": url.port or (465 if url.scheme == "smtps" else 25),
        "EMAIL_HOST_USER": unquote(url.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(url.password or ""),
        "EMAIL_USE_SSL": url.scheme == "smtps",
        "EMAIL_USE_TLS": url.scheme == "smtp+tls",
    }
