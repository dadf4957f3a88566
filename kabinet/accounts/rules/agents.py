"""What a browser tells of itself, in words that its owner recognises (PROF-03)."""

import re
from typing import Final

from kabinet.accounts.values import Browser

# The order matters: nearly every browser also calls itself Chrome or Safari.
_BROWSERS: Final = (
    ("Яндекс Браузер", re.compile(r"YaBrowser/([\d.]+)")),
    ("Microsoft Edge", re.compile(r"Edg(?:e|A|iOS)?/([\d.]+)")),
    ("Opera", re.compile(r"(?:OPR|Opera|OPT)/([\d.]+)")),
    ("Samsung Internet", re.compile(r"SamsungBrowser/([\d.]+)")),
    ("Firefox", re.compile(r"(?:Firefox|FxiOS)/([\d.]+)")),
    ("Chrome", re.compile(r"(?:HeadlessChrome|Chrome|CriOS)/([\d.]+)")),
    ("Safari", re.compile(r"Version/([\d.]+).*Safari/")),
)
_SYSTEMS: Final = (
    ("Windows", re.compile(r"Windows")),
    ("Android", re.compile(r"Android")),
    ("iPadOS", re.compile(r"iPad")),
    ("iOS", re.compile(r"iPhone|iPod")),
    ("macOS", re.compile(r"Mac OS X|Macintosh")),
    ("ChromeOS", re.compile(r"CrOS")),
    ("Linux", re.compile(r"Linux|X11")),
)


def browser_of(agent: str) -> Browser:
    """Return the browser's name, the two first numbers of its version and its system."""
    name, version = _named(agent)
    system = next((system for system, sign in _SYSTEMS if sign.search(agent)), "")
    return Browser(name=name, version=".".join(version.split(".")[:2]), system=system)


def _named(agent: str) -> tuple[str, str]:
    found = ((name, sign.search(agent)) for name, sign in _BROWSERS)
    return next(((name, match[1]) for name, match in found if match), ("", ""))
