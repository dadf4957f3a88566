"""`./run spec`: how many tests name each point of docs/requirements.md."""

import ast
import re
from argparse import Namespace
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from launcher.places import ROOT
from launcher.talk import Stop, say

CATALOGUE: Final = ROOT / "docs" / "requirements.md"
POINT: Final = re.compile(r"^[-*|\s]*\**([A-Z]{2,8}-\d{2}[a-z]?)\b\**[\s|:.]*(.*)$")
WORDS_SHOWN: Final = 9


def spec(_options: Namespace) -> int:
    """Print a line per point: id, number of test functions that name it, first words."""
    try:
        points = dict(points_of(CATALOGUE.read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise Stop(f"{CATALOGUE.relative_to(ROOT)} is missing.") from None
    marks = Counter(marks_below(ROOT / "tests"))
    for point, words in points.items():
        say(f"{point:<9} {marks[point]:>3}  {first_words(words)}")
    tested = sum(1 for point in points if marks[point])
    say(f"{tested} of {len(points)} points are named by a test; a test function counts once, whatever its cases.")
    if unknown := sorted(set(marks) - set(points)):
        say(f"Named by tests, absent from the catalogue: {', '.join(unknown)}")
    return 0


def points_of(text: str) -> Iterator[tuple[str, str]]:
    """Yield id and text of each point: a line that begins with an id."""
    for line in text.splitlines():
        if found := POINT.match(line):
            yield found.group(1), found.group(2)


def first_words(text: str) -> str:
    words = text.split()
    return " ".join(words[:WORDS_SHOWN]) + (" …" if len(words) > WORDS_SHOWN else "")


def marks_below(folder: Path) -> Iterator[str]:
    """Yield an id for each test function that names it, itself or by its class or module."""
    for path in sorted(folder.rglob("test_*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        yield from marks_in(tree, inherited=module_marks(tree))


def marks_in(node: ast.Module | ast.ClassDef, *, inherited: set[str]) -> Iterator[str]:
    for item in node.body:
        if isinstance(item, ast.ClassDef):
            yield from marks_in(item, inherited=inherited | named(item.decorator_list))
        elif isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef) and item.name.startswith("test_"):
            yield from inherited | named(item.decorator_list)


def module_marks(tree: ast.Module) -> set[str]:
    """Return the ids of `pytestmark = …` at the top of a module."""
    assigned = [item.value for item in tree.body if isinstance(item, ast.Assign) and names(item) == ["pytestmark"]]
    return named(assigned)


def names(item: ast.Assign) -> list[str]:
    return [target.id for target in item.targets if isinstance(target, ast.Name)]


def named(expressions: list[ast.expr]) -> set[str]:
    """Return the ids in calls of `pytest.mark.spec(…)` anywhere in the expressions."""
    calls = [node for expression in expressions for node in ast.walk(expression) if isinstance(node, ast.Call)]
    return {
        argument.value
        for call in calls
        if isinstance(call.func, ast.Attribute) and call.func.attr == "spec"
        for argument in call.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    }
