"""What the browser is sent: nothing too new for it, nothing too heavy, nothing from elsewhere."""

import json
import re
import subprocess
from pathlib import Path

import brotli
import pytest

ROOT = Path(__file__).resolve().parents[2]
BUILT = ROOT / "build" / "static"
FRONTEND = ROOT / "kabinet" / "web" / "frontend"
BUDGET = 200 * 1024
FIRST_VISIT = [
    "vendor/bootstrap/bootstrap.css",
    "web/kabinet.css",
    "web/dark.css",
    "web/kabinet.js",
    "vendor/golos-text/cyrillic.woff2",
    "vendor/golos-text/latin.woff2",
    "vendor/golos-text/latin-ext.woff2",
]


def lint(*files: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["node", str(FRONTEND / "lint.mjs"), *map(str, files)], capture_output=True, text=True, check=False, timeout=60
    )


@pytest.mark.spec("SITE-04")
def test_our_own_sources_suit_the_oldest_browsers():
    answer = lint()

    assert (answer.returncode, answer.stderr) == (0, "")


@pytest.mark.spec("SITE-04")
@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("flex-gap.css", "a { display: flex; gap: 1rem; }"),
        ("has.css", "a:has(b) { color: red; }"),
        ("is.css", ":is(a, b) { color: red; }"),
        ("inset.css", "a { inset: 0; }"),
        ("ratio.css", "a { aspect-ratio: 1; }"),
        ("clamp.css", "a { width: clamp(1rem, 2vw, 3rem); }"),
        ("nesting.css", "a { b { color: red; } }"),
        ("logical.css", "a { margin-inline: 1rem; }"),
        ("container.css", "@container (width > 1rem) { a { color: red; } }"),
        ("chaining.js", "a?.b;"),
        ("nullish.js", "var a = b ?? c;"),
        ("await.js", "await a;"),
        ("field.js", "class A { b = 1; }"),
        ("at.js", "a.at(-1);"),
        ("dialog.js", "a.showModal();"),
        ("clone.js", "structuredClone(a);"),
    ],
)
def test_newer_features_are_refused(tmp_path, name, source):
    path = tmp_path / name
    path.write_text(source)

    answer = lint(path)

    assert answer.returncode == 1, answer.stdout
    assert name in answer.stderr


@pytest.mark.parametrize("name", FIRST_VISIT)
def test_what_pages_link_is_built(name):
    assert (BUILT / name).is_file()


def test_first_visit_is_light(browser):
    html = browser.get("/ui/").content
    icons = ROOT / "kabinet/web/static/web/icons.svg"
    parts = [(BUILT / name).read_bytes() for name in FIRST_VISIT] + [icons.read_bytes(), html]

    assert sum(len(brotli.compress(part)) for part in parts) <= BUDGET


def test_lock_names_no_registry():
    lock = (ROOT / "package-lock.json").read_text()

    assert "://" not in re.sub(r'"url": "https://[^"]+"', "", lock)
    assert not any("resolved" in package for package in json.loads(lock)["packages"].values())


def test_styles_and_scripts_reach_for_nothing_outside():
    for path in [*BUILT.rglob("*.css"), *BUILT.rglob("*.js")]:
        assert not re.search(r"url\(['\"]?(https?:)?//|import\(|sourceMappingURL", path.read_text()), path
