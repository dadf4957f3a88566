"""Results of deep runs: a file each in docs/proofs, and a table of the newest of every part."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final, Protocol

from launcher.places import ROOT

FOLDER: Final = ROOT / "docs" / "proofs"
BEGIN: Final = "<!-- table: ./run deep --table -->"
END: Final = "<!-- end of the table -->"

Result = Mapping[str, Any]


class Named(Protocol):
    """A part of the deep run, as far as the table tells of it."""

    @property
    def name(self) -> str: ...
    @property
    def shows(self) -> str: ...


def keep(result: Result, *, folder: Path) -> Path:
    """Write the result as a file of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    moment = "".join(sign for sign in result["began"][:16] if sign not in ":-")
    path = folder / f"{moment}-{result['commit'] or 'unknown'}.json"
    path.write_text(json.dumps(result, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def results(folder: Path) -> list[Result]:
    """Return all kept results, the oldest first."""
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))]


def summary(result: Result) -> str:
    """Say in a line per part what it came to."""
    return "\n".join(
        f"{name}: {'held' if part['held'] else 'BROKEN'} in {part['seconds']} s; {tests_of(part)}; {figures_of(part)}"
        for name, part in result["parts"].items()
    )


def tests_of(part: Mapping[str, Any]) -> str:
    return ", ".join(f"{number} {what}" for what, number in sorted(part["tests"].items())) or "no tests"


def figures_of(part: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {value:,}" for name, value in part["figures"].items()) or "no figures"


def table(parts: Iterable[Named], found: Iterable[Result]) -> str:
    """Return the newest result of each part as lines of a table."""
    newest = {name: (result, part) for result in found for name, part in result["parts"].items()}
    lines = ["| part | what it shows | newest run | figures | command |", "| --- | --- | --- | --- | --- |"]
    for part in parts:
        if part.name not in newest:
            lines.append(f"| {part.name} | {part.shows} | not run yet | | `./run deep {part.name}` |")
            continue
        result, told = newest[part.name]
        verdict = "held" if told["held"] else "**broken**"
        when = f"{result['began'][:10]}, commit {result['commit']}: {verdict}, {told['seconds']} s"
        again = f"./run deep {part.name} --seed {result['seed']} --scale {result['scale']:g}"
        lines.append(f"| {part.name} | {part.shows} | {when} | {tests_of(told)}; {figures_of(told)} | `{again}` |")
    return "\n".join(lines)


def with_table(text: str, lines: str) -> str:
    """Put the table between its marks."""
    head, _, rest = text.partition(BEGIN)
    return f"{head}{BEGIN}\n{lines}\n{END}{rest.partition(END)[2]}"


def write_table(parts: Iterable[Named]) -> None:
    """Bring the table of docs/proofs up to date."""
    page = FOLDER / "README.md"
    page.write_text(with_table(page.read_text(encoding="utf-8"), table(parts, results(FOLDER))), encoding="utf-8")
