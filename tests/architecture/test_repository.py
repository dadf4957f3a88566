"""The repository as a whole: what its files may hold and be called."""

import re
import subprocess
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parents[2]
LONGEST_FILE = 350
NAMELESS = {"utils.py", "helpers.py", "common.py", "core.py", "exceptions.py", "signals.py", "admin.py"}
SOURCES = {".py", ".js", ".mjs", ".css"}
ROOMS = {
    ".ci", "bench", "config", "demo", "docs", "kabinet", "launcher", "locale", "sandbox", "tests",
}  # fmt: skip
# Put together from halves, so that this file does not hold what it looks for.
MACHINE_PATHS = re.compile("/" + r"(?:work|root|home/(?!templates\b)\w+|Users/\w+)/")
REGISTRIES = re.compile(
    "|".join(["pypi\\." + "org", "pythonhosted\\." + "org", "npmjs\\." + "(?:org|com)", "yarnpkg\\." + "com"])
)
BINARY = {".png", ".woff2", ".xlsx", ".ico", ".gz", ".pdf"}


def tracked():
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


@pytest.fixture(scope="module")
def files():
    found = tracked()
    assert len(found) > 100
    return found


def holding(pattern, files):
    texts = ((path, path.read_text(encoding="utf-8", errors="replace")) for path in files if path.suffix not in BINARY)
    return [f"{path.relative_to(ROOT)}: {found.group()}" for path, text in texts if (found := pattern.search(text))]


def test_first_commands_of_the_readme_start_and_test():
    blocks = re.findall(r"```\w*\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    commands = [line.split("#")[0].strip() for line in blocks[0].splitlines() if line.strip()]

    assert commands[:2] == ["./run demo", "./run test"]


def test_run_is_executable():
    assert (ROOT / "run").stat().st_mode & 0o111


def test_no_file_names_a_place_of_one_machine(files):
    assert holding(MACHINE_PATHS, files) == []


def test_no_file_names_a_registry(files):
    assert holding(REGISTRIES, files) == []


def test_every_locked_python_package_has_a_hash():
    packages = re.findall(r"^\S.*?(?=^\S|\Z)", (ROOT / "requirements.lock").read_text(), re.MULTILINE | re.DOTALL)
    pinned = [text for text in packages if not text.startswith("#")]

    assert len(pinned) > 20
    assert [text.split()[0] for text in pinned if "==" not in text or "--hash=sha256:" not in text] == []


def test_every_locked_node_package_has_a_hash():
    text = (ROOT / "package-lock.json").read_text(encoding="utf-8")

    assert '"resolved"' not in text
    assert text.count('"integrity"') == len(re.findall(r'^ {4}"node_modules/', text, re.MULTILINE))


def test_rooms_are_those_of_the_map(files):
    top = {path.relative_to(ROOT).parts[0] for path in files if len(path.relative_to(ROOT).parts) > 1}

    assert top <= ROOMS


def test_no_file_has_a_name_that_says_nothing(files):
    assert [str(path.relative_to(ROOT)) for path in files if path.name in NAMELESS] == []


def test_no_source_file_outgrows_itself(files):
    sources = [path for path in files if path.suffix in SOURCES and "migrations" not in path.parts]
    long = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in sources}

    assert {name: lines for name, lines in long.items() if lines > LONGEST_FILE} == {}


def test_examples_have_all_the_time_they_take(files):
    told = [
        path
        for path in files
        if path.suffix == ".py" and re.search(r"settings\([^)]*deadline=", path.read_text("utf-8"))
    ]

    assert settings().deadline is None
    assert [str(path.relative_to(ROOT)) for path in told] == []


def test_licence_is_apache():
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")

    assert "Apache License" in text
    assert "Version 2.0, January 2004" in text
