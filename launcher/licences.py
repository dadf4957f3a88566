"""Under which licences the installed parts may be used beside Apache-2.0 (docs/licences.md)."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Final

from launcher.places import ROOT, VENV

# Permissive ones: they ask for their text to be kept.
ALLOWED: Final = frozenset(
    {
        "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CNRI-Python", "ISC", "MIT", "MIT-0", "MIT-CMU",
        "PSF-2.0",
    }
)  # fmt: skip
_TOOL: Final = "a tool of development and tests; nothing of it is in what is run or given away"
# By name, since each was looked at by itself.
EXCEPTIONS: Final = {
    "psycopg": ("LGPL-3.0-only", "the database's driver, imported as it is published and replaceable"),
    "psycopg-binary": ("LGPL-3.0-only", "the same"),
    "psycopg-pool": ("LGPL-3.0-only", "the same"),
    "certifi": ("MPL-2.0", "a list of authorities, used as it is published"),
    "@fontsource-variable/golos-text": ("OFL-1.1", "the font, served as it is published"),
    "djlint": ("GPL-3.0-or-later", _TOOL),
    "fqdn": ("MPL-2.0", _TOOL),
    "hypothesis": ("MPL-2.0", _TOOL),
    "pathspec": ("MPL-2.0", _TOOL),
    "text-unidecode": ("Artistic-1.0", _TOOL),
    "axe-core": ("MPL-2.0", _TOOL),
    "caniuse-lite": ("CC-BY-4.0", _TOOL),
}
# Older packages name their licence in words of their own.
_SPELLINGS: Final = {
    "apache license": "Apache-2.0",
    "apache 2.0": "Apache-2.0",
    "apache software license": "Apache-2.0",
    "artistic license": "Artistic-1.0",
    "bsd": "BSD-3-Clause",
    "bsd 2-clause license": "BSD-2-Clause",
    "bsd license": "BSD-3-Clause",
    "isc license (iscl)": "ISC",
    "mit license": "MIT",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
    "psfl": "PSF-2.0",
    "python software foundation license": "PSF-2.0",
}
# What their metadata say in a sentence, read by hand.
_READ: Final = {
    "pypdfium2": "BSD-3-Clause AND Apache-2.0",
    "pytest-django": "BSD-3-Clause",
    "python-dateutil": "Apache-2.0 OR BSD-3-Clause",
    "text-unidecode": "Artistic-1.0",
}


@dataclass(frozen=True, order=True)
class Package:
    """An installed part: from where, its name, version and licence, as an SPDX expression."""

    registry: str
    name: str
    version: str
    licence: str

    @property
    def purl(self) -> str:
        return f"pkg:{self.registry}/{self.name.replace('@', '%40')}@{self.version}"

    @property
    def is_exception(self) -> bool:
        known = EXCEPTIONS.get(self.name)
        return known is not None and known[0] == self.licence

    @property
    def is_allowed(self) -> bool:
        """Say whether it may be used: each licence of an «and», or one of an «or»."""
        if self.is_exception:
            return True
        if " OR " in self.licence:
            return any(one.strip("() ") in ALLOWED for one in self.licence.split(" OR "))
        return all(one.strip("() ") in ALLOWED for one in self.licence.split(" AND "))


def packages() -> list[Package]:
    """Return everything that is installed, for work and for development."""
    return sorted({*python_packages(), *npm_packages()})


def python_packages() -> Iterator[Package]:
    places = [str(path) for path in VENV.glob("lib/python3.*/site-packages")]
    for found in distributions(path=places):
        name = re.sub(r"[-_.]+", "-", found.metadata["Name"]).lower()
        yield Package("pypi", name, found.version, _READ.get(name) or licence_of(found))


def licence_of(found: Distribution) -> str:
    """Return the licence as the package's metadata name it; empty where they name none that is known."""
    if expression := said_of(found, "License-Expression"):
        return expression[0]
    words = [line.rpartition("::")[2].strip() for line in said_of(found, "Classifier") if "License ::" in line]
    longest = max(map(len, [*ALLOWED, *_SPELLINGS]))
    # Some put the whole text of the licence where its name belongs.
    named = [words for words in said_of(found, "License") if len(words) < longest and words != "UNKNOWN"]
    spelled = (_SPELLINGS.get(word.lower(), word) for word in [*named, *words] if word != "OSI Approved")
    return next(spelled, "")


def said_of(found: Distribution, name: str) -> list[str]:
    return [str(words) for words in found.metadata.get_all(name) or [] if words]


def npm_packages() -> Iterator[Package]:
    locked = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    for place, facts in locked["packages"].items():
        if place:
            name = place.rpartition("node_modules/")[2]
            yield Package("npm", name, facts["version"], facts.get("license", ""))


def table(found: list[Package]) -> str:
    """Return the table of licences: how many packages under each, and each exception with its reason."""
    counts = Counter(package.licence for package in found if not package.is_exception)
    lines = ["| licence | packages |", "| --- | --- |"]
    lines += [f"| {licence} | {count} |" for licence, count in sorted(counts.items())]
    lines += ["", "| exception | licence | why it may |", "| --- | --- | --- |"]
    lines += [f"| {name} | {licence} | {why} |" for name, (licence, why) in sorted(EXCEPTIONS.items())]
    return "\n".join(lines) + "\n"


def page(text: str, found: list[Package]) -> str:
    """Return the page with its table made anew."""
    head, _, rest = text.partition(BEGIN)
    return f"{head}{BEGIN}\n{table(found)}{END}{rest.partition(END)[2]}"


PAGE: Final = Path(ROOT / "docs" / "licences.md")
BEGIN: Final = "<!-- table: ./run sbom -->"
END: Final = "<!-- end of the table -->"
