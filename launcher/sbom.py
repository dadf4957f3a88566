"""`./run sbom` and `./run audit`: what is installed, under which licences, and what is known to be faulty of it."""

import json
import subprocess
from argparse import Namespace
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from launcher import environment, licences
from launcher.environment import LOCK_FILE
from launcher.licences import Package
from launcher.places import BUILD, PYTHON, ROOT
from launcher.steps import run_step
from launcher.talk import Stop, complain, say

TARGET: Final = BUILD / "sbom" / "kabinet.cdx.json"
SECONDS: Final = 600
NOT_ASKED: Final = 2


def sbom(options: Namespace) -> int:
    """Write the bill of materials and the page of licences; end with 1 where a licence is not allowed."""
    environment.ensure()
    found = licences.packages()
    target: Path = options.into or TARGET
    target.parent.mkdir(parents=True, exist_ok=True)
    write_bill(target, found)
    licences.PAGE.write_text(licences.page(licences.PAGE.read_text(encoding="utf-8"), found), encoding="utf-8")
    say(f"{len(found)} packages stand in {target}; their licences in {licences.PAGE.relative_to(ROOT)}.")
    forbidden = [package for package in found if not package.is_allowed]
    for package in forbidden:
        complain(f"Not allowed: {package.name} {package.version}, «{package.licence or 'no licence named'}».")
    return int(bool(forbidden))


def write_bill(target: Path, found: list[Package]) -> None:
    """Let CycloneDX describe the Python environment, and add what npm has locked."""
    options = ["--output-reproducible", "--short-PURLs", "--of", "JSON", "--pyproject", "pyproject.toml"]
    command = [str(PYTHON), "-m", "cyclonedx_py", "environment", *options, "-o", str(target), str(PYTHON)]
    run_step("cyclonedx-py", command)
    bill = json.loads(target.read_text(encoding="utf-8"))
    bill["components"] += [component(package) for package in found if package.registry == "npm"]
    target.write_text(json.dumps(bill, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def component(package: Package) -> dict[str, Any]:
    return {
        "type": "library",
        "bom-ref": package.purl,
        "name": package.name,
        "version": package.version,
        "purl": package.purl,
        "licenses": [{"license": {"id": package.licence}}],
    }


@dataclass(frozen=True)
class Asked:
    """What a database of known faults has said of a registry's packages."""

    registry: str
    known: int
    unknown: int
    faults: tuple[str, ...]
    trouble: str = ""


def audit(_options: Namespace) -> int:
    """Ask what is known to be faulty; 1 where something is, 2 where not everything could be asked."""
    environment.ensure()
    answers = [python_faults(), npm_faults()]
    for asked in answers:
        tell(asked)
    if any(asked.faults for asked in answers):
        return 1
    return NOT_ASKED if any(asked.trouble or asked.unknown for asked in answers) else 0


def tell(asked: Asked) -> None:
    if asked.trouble:
        say(f"{asked.registry}: could not be asked, so nothing is known. {asked.trouble}")
        return
    say(f"{asked.registry}: {asked.known} packages are known there, {len(asked.faults)} faults in them.")
    if asked.unknown:
        say(f"{asked.registry}: {asked.unknown} packages are not known there, so nothing is known of them.")
    for fault in asked.faults:
        say(f"  {fault}")


def python_faults() -> Asked:
    options = ["--requirement", str(LOCK_FILE), "--disable-pip", "--require-hashes", "--progress-spinner", "off"]
    done = answer_of([str(PYTHON), "-m", "pip_audit", "--format", "json", *options])
    return read_pip_audit(done)


def read_pip_audit(words: str) -> Asked:
    """Read pip-audit's answer; what it skipped it has not looked at, whatever it says at the end."""
    facts = read(words)
    if "dependencies" not in facts:
        return Asked("PyPI", 0, 0, (), trouble=last_line(words))
    rows = facts["dependencies"]
    looked = [row for row in rows if "skip_reason" not in row]
    faults = [f"{row['name']} {row['version']}: {fault['id']}" for row in looked for fault in row["vulns"]]
    if rows and not looked:
        return Asked("PyPI", 0, len(rows), (), trouble="It knows none of our packages.")
    return Asked("PyPI", len(looked), len(rows) - len(looked), tuple(faults))


def npm_faults() -> Asked:
    return read_npm_audit(answer_of(["npm", "audit", "--json"]))


def read_npm_audit(words: str) -> Asked:
    facts = read(words)
    if "vulnerabilities" not in facts:
        return Asked("npm", 0, 0, (), trouble=str(facts.get("message") or last_line(words)))
    faults = tuple(f"{name}: {fault['severity']}" for name, fault in facts["vulnerabilities"].items())
    return Asked("npm", facts["metadata"]["dependencies"]["total"], 0, faults)


def answer_of(command: list[str]) -> str:
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return f"No answer within {SECONDS} s."
    except OSError as error:
        raise Stop(f"{command[0]} could not be started: {error.strerror}.") from None
    return done.stdout or done.stderr


def read(words: str) -> Mapping[str, Any]:
    try:
        facts = json.loads(words)
    except ValueError:
        return {}
    return facts if isinstance(facts, dict) else {}


def last_line(words: str) -> str:
    return next(reversed(words.strip().splitlines()), "It said nothing.")[:200]
