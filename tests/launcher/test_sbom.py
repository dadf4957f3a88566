"""What is installed may be used beside Apache-2.0, all of it is written down, and silence is not a good answer."""

import json
import re

import pytest

from launcher import licences, sbom
from launcher.licences import EXCEPTIONS, Package
from launcher.places import ROOT


def locked():
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    return {line.partition("==")[0] for line in lines if line[:1].isalnum()}


def test_every_licence_is_allowed():
    assert [package for package in licences.packages() if not package.is_allowed] == []


def test_every_exception_is_installed_and_needed():
    found = {package.name: package for package in licences.packages()}

    assert [name for name in EXCEPTIONS if not found[name].is_exception] == []
    assert [name for name, (licence, _) in EXCEPTIONS.items() if licence in licences.ALLOWED] == []


def test_whatever_is_locked_is_looked_at():
    found = {package.name for package in licences.packages()}

    # Some are for other systems or versions of Python.
    assert len(locked() - found) < 8
    assert {"django", "psycopg", "bootstrap", "axe-core"} <= found


@pytest.mark.parametrize(
    ("licence", "is_allowed"),
    [
        ("MIT", True), ("MIT OR GPL-3.0-only", True), ("MIT AND PSF-2.0", True), ("MIT AND GPL-3.0-only", False),
        ("GPL-3.0-or-later", False), ("AGPL-3.0-only", False), ("MPL-2.0", False), ("", False), ("UNKNOWN", False),
    ],
)  # fmt: skip
def test_licences_are_judged(licence, is_allowed):
    assert Package("pypi", "somebody", "1", licence).is_allowed is is_allowed


def test_exception_is_for_its_licence_alone():
    assert Package("pypi", "psycopg", "3", "LGPL-3.0-only").is_allowed
    assert not Package("pypi", "psycopg", "4", "AGPL-3.0-only").is_allowed


def test_page_names_every_licence():
    page = licences.PAGE.read_text(encoding="utf-8")

    assert {package.licence for package in licences.packages() if f"| {package.licence} |" not in page} == set()
    assert licences.table(licences.packages()).partition("| exception")[2] in page


def plain(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def test_bill_lists_everything(tmp_path):
    found = licences.packages()

    sbom.write_bill(tmp_path / "bill.json", found)

    bill = json.loads((tmp_path / "bill.json").read_text(encoding="utf-8"))
    named = {(plain(part["name"]), part["version"]) for part in bill["components"]}
    assert bill["bomFormat"] == "CycloneDX"
    assert {(plain(package.name), package.version) for package in found} - named == set()


def skipped(name):
    return {"name": name, "skip_reason": "Dependency not found"}


def looked_at(name, *faults):
    return {"name": name, "version": "1", "vulns": [{"id": fault} for fault in faults]}


def test_what_was_skipped_was_not_looked_at():
    every = sbom.read_pip_audit(json.dumps({"dependencies": [skipped("django")]}))
    some = sbom.read_pip_audit(json.dumps({"dependencies": [skipped("django"), looked_at("attrs", "CVE-1")]}))

    assert every.trouble == "It knows none of our packages."
    assert (some.known, some.unknown, some.faults, some.trouble) == (1, 1, ("attrs 1: CVE-1",), "")


def test_refused_question_is_told():
    assert sbom.read_npm_audit('{"message": "405 Method Not Allowed"}').trouble == "405 Method Not Allowed"
    assert sbom.read_pip_audit("ERROR: no connection").trouble == "ERROR: no connection"


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ((sbom.Asked("a", 9, 0, ()), sbom.Asked("b", 9, 0, ())), 0),
        ((sbom.Asked("a", 9, 0, ("CVE-1",)), sbom.Asked("b", 0, 0, (), trouble="down")), 1),
        ((sbom.Asked("a", 9, 1, ()), sbom.Asked("b", 9, 0, ())), 2),
        ((sbom.Asked("a", 9, 0, ()), sbom.Asked("b", 0, 0, (), trouble="down")), 2),
    ],
)
def test_silence_is_no_good_answer(answers, code, monkeypatch):
    monkeypatch.setattr(sbom.environment, "ensure", lambda: None)
    monkeypatch.setattr(sbom, "python_faults", lambda: answers[0])
    monkeypatch.setattr(sbom, "npm_faults", lambda: answers[1])

    assert sbom.audit(None) == code
