"""The import contracts speak of the folders that there are; what they cannot see is looked for here."""

import ast
import re
import tomllib

import pytest

from tests.architecture.sources import ENTRANCES, ROOT, calls, sources

UNDER_FEATURES = {"web", "infra", "kernel"}
# Each of these has to lose its `.objects`; a new one is not let in.
STILL_ASKING_THE_DATABASE = {"kabinet/exchange/management/commands/create_partner.py"}


@pytest.fixture(scope="module")
def contracts():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return {contract["name"]: contract for contract in settings["tool"]["importlinter"]["contracts"]}


def rooms():
    return {path.name for path in (ROOT / "kabinet").iterdir() if (path / "__init__.py").exists()}


def names(layers, *, born):
    """Return the rooms of a list of layers: the unborn stand in brackets."""
    each = [name.strip() for layer in layers for name in layer.split("|")]
    return {name.strip("()") for name in each if name.startswith("(") is not born}


def test_born_rooms_stand_without_brackets(contracts):
    layers = contracts["Apps look down only"]["layers"]

    assert names(layers, born=True) == rooms()
    assert not names(layers, born=False) & rooms()


def test_every_feature_keeps_the_layers_of_files(contracts):
    containers = contracts["Files look down only, and each has a name of the list"]["containers"]

    assert set(containers) == {f"kabinet.{room}" for room in rooms() - UNDER_FEATURES}


def test_layers_name_everything(contracts):
    layered = [contract for contract in contracts.values() if contract["type"] == "layers"]

    assert len(layered) == 2
    assert all(contract["exhaustive"] for contract in layered)


def test_an_ignored_import_names_its_decision():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8").partition("[tool.importlinter]")[2]
    ignored = re.findall(r"ignore_imports = \[(.*?)\]", text, re.DOTALL)

    for entry in "".join(ignored).splitlines():
        assert not entry.strip() or re.search(r"# docs/adr/\d{4}", entry), entry


@pytest.mark.parametrize("room", sorted(rooms() - UNDER_FEATURES))
def test_names_that_say_nothing_name_no_file(room):
    files = {path.stem for path in (ROOT / "kabinet" / room).rglob("*.py")}

    assert not files & {"utils", "common", "core", "helpers", "exceptions", "signals", "admin", "managers"}


def test_entrances_ask_services_and_selectors():
    asking = {
        str(source)
        for source in sources()
        if source.job in ENTRANCES
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Attribute) and node.attr == "objects"
    }

    assert asking == STILL_ASKING_THE_DATABASE


def test_transactions_have_names():
    """Nobody but the floor opens a transaction without saying which use case it is."""
    bare = {str(source) for source in sources() for _ in calls(source, "atomic") if source.room != "infra"}

    assert bare == set()


def test_nothing_waits_for_the_commit_in_memory():
    """What must happen after a commit is a job or an event: `on_commit` dies with the process (TRUST 1)."""
    assert not [str(source) for source in sources() for _ in calls(source, "on_commit")]
