"""`./run deep`: its parts, and the table of what they have shown."""

from argparse import Namespace
from types import SimpleNamespace

import pytest

from launcher import cli, deep, proofs
from launcher.places import ROOT
from launcher.talk import Stop
from tests.deep import share

KILLS = SimpleNamespace(name="kills", shows="nothing is lost")
STORM = SimpleNamespace(name="storm", shows="nothing is doubled")


def result(began, **part):
    told = {"held": True, "seconds": 61, "tests": {"passed": 3}, "figures": {"sends": 20000, "lost": 0}, **part}
    return {"began": began, "commit": "0a1b2c3d4e", "seed": 7, "scale": 1.0, "parts": {"kills": told}}


@pytest.mark.parametrize("part", deep.PARTS, ids=lambda part: part.name)
def test_every_part_selects_tests_that_exist(part):
    paths = [word.partition("::")[0] for word in part.selection if word.startswith("tests/")]

    assert paths
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_names_of_parts_differ():
    names = [part.name for part in deep.PARTS]

    assert len(set(names)) == len(names)


def test_unknown_part_is_answered_by_the_known_ones():
    with pytest.raises(Stop, match=r"no part «fly».*kills"):
        deep.deep(Namespace(parts=["fly"], table=False))


@pytest.mark.parametrize("text", ["0", "-1", "much", "inf", "nan"])
def test_scale_is_a_number_above_zero(text, capsys):
    with pytest.raises(SystemExit):
        cli.parser().parse_args(["deep", "--scale", text])

    assert "is not a number above zero" in capsys.readouterr().err


def test_table_shows_the_newest_run_of_each_part_and_what_was_not_run():
    lines = proofs.table([KILLS, STORM], [result("2026-11-01T03:00:00+00:00"), result("2026-12-01T03:00:00+00:00")])

    assert "2026-12-01" in lines
    assert "2026-11-01" not in lines
    assert (
        "commit 0a1b2c3d4e: held, 61 s | 3 passed; sends 20,000, lost 0 | `./run deep kills --seed 7 --scale 1`"
        in lines
    )
    assert "| storm | nothing is doubled | not run yet |" in lines


def test_broken_part_is_called_broken():
    assert "**broken**" in proofs.table([KILLS], [result("2026-12-01T03:00:00+00:00", held=False)])


def test_kept_result_is_read_again(tmp_path):
    told = result("2026-12-01T03:00:00+00:00")

    path = proofs.keep(told, folder=tmp_path)

    assert path.name == "20261201T0300-0a1b2c3d4e.json"
    assert proofs.results(tmp_path) == [told]


def test_page_holds_the_table_of_its_files():
    text = (proofs.FOLDER / "README.md").read_text(encoding="utf-8")

    assert text == proofs.with_table(text, proofs.table(deep.PARTS, proofs.results(proofs.FOLDER))), (
        "./run deep --table makes it again"
    )


def test_fifths_of_five_seeds_are_everything(monkeypatch):
    cases = list(range(23))
    seen = []
    monkeypatch.setattr("tests.deep.IS_DEEP", False)
    for seed in range(5):
        monkeypatch.setattr("tests.deep.SEED", seed)
        seen += share(cases)

    assert sorted(seen) == cases
