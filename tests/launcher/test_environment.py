"""The environment: made of what, and when again."""

import ast

import pytest

from launcher import environment, frontend, places, steps
from launcher.talk import Stop

PYTHON_STAGE = next(stage for stage in environment.STAGES if stage.name == "python")


@pytest.fixture
def clone(monkeypatch, tmp_path):
    """Lay a clone with a lock of packages and no environment yet."""
    (tmp_path / "requirements.lock").write_text(
        "alpha==1 \\\n    --hash=sha256:aa\nuv==2 \\\n    --hash=sha256:bb\nzeta==3\n"
    )
    (tmp_path / ".tools").mkdir()
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    monkeypatch.setattr(environment, "LOCK_FILE", tmp_path / "requirements.lock")
    monkeypatch.setattr(environment, "STAMP", tmp_path / ".tools" / "stamp.json")
    monkeypatch.setattr(environment, "UNFINISHED", tmp_path / ".tools" / "unfinished")
    monkeypatch.setattr(environment, "PYTHON", tmp_path / "python")
    return tmp_path


def make(clone):
    (clone / "python").touch()
    environment.remember(PYTHON_STAGE)


def names_outdated():
    return [stage.name for stage in environment.outdated([PYTHON_STAGE])]


def test_new_clone_lacks_its_packages(clone):
    assert "python" in names_outdated()


def test_made_environment_is_not_made_again(clone):
    make(clone)

    assert "python" not in names_outdated()


def test_changed_lock_brings_packages_up_to_date(clone):
    make(clone)

    (clone / "requirements.lock").write_text("alpha==2\n")

    assert "python" in names_outdated()


def test_moved_clone_needs_a_new_environment(clone, monkeypatch):
    make(clone)

    monkeypatch.setattr(environment, "VENV", clone / "elsewhere" / ".venv")

    assert "python" in names_outdated()
    assert not environment.is_usable_venv()


def test_vanished_python_needs_a_new_environment(clone):
    make(clone)

    (clone / "python").unlink()

    assert "python" in names_outdated()


def test_interrupted_installation_is_begun_again(clone):
    make(clone)

    (clone / ".tools" / "unfinished").touch()

    assert "python" in names_outdated()
    assert not environment.is_usable_venv()


def test_torn_stamp_counts_as_none(clone):
    (clone / ".tools" / "stamp.json").write_text("{")

    assert environment.read_stamp() == {}


def test_locked_returns_one_package_with_its_hashes(clone):
    assert environment.locked("uv") == "uv==2 \\\n    --hash=sha256:bb\n"


def test_package_absent_from_the_lock_is_told(clone):
    with pytest.raises(Stop, match="does not name"):
        environment.locked("omega")


def test_script_parses_for_old_pythons():
    ast.parse((places.ROOT / "run").read_text(encoding="utf-8"), feature_version=(3, 4))


@pytest.mark.parametrize(
    ("output", "cause"),
    [
        ("error: failed to fetch: dns error", "registry cannot be reached"),
        ("npm ERR! code EAI_AGAIN", "registry cannot be reached"),
        ("ERROR: Could not find a version (from versions: none)", "registry cannot be reached"),
        ("OSError: [Errno 28] No space left on device", "disk is full"),
        ("SyntaxError: invalid syntax", "Start again when it is mended"),
    ],
)
def test_failed_step_names_its_cause(output, cause):
    told = steps.explain("a step", output=output)

    assert cause in told
    assert output in told


@pytest.mark.parametrize(("answer", "major"), [("v18.19.0\n", 18), ("v20.1.0", 20), ("", 0), ("not node", 0)])
def test_node_major(answer, major):
    assert frontend.node_major(answer) == major


def test_missing_npm_is_told_with_the_command_to_type(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(Stop, match="apt-get install nodejs npm"):
        frontend.require_node()


def test_old_node_is_told(monkeypatch, tmp_path):
    for name in ("node", "npm"):
        (tmp_path / name).write_text("#!/bin/sh\necho v12.22.9\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(Stop, match=r"Node v12\.22\.9 is too old"):
        frontend.require_node()
