"""The portal's own source, parsed once."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ENTRANCES = {"views", "handlers", "tasks", "management"}


@dataclass(frozen=True)
class Source:
    """A module: its room, its job (the file's or folder's name within the room) and its tree."""

    path: Path
    room: str
    job: str
    tree: ast.Module

    def __str__(self) -> str:
        return str(self.path.relative_to(ROOT))


@cache
def sources() -> tuple[Source, ...]:
    found = []
    for path in sorted((ROOT / "kabinet").rglob("*.py")):
        parts = path.relative_to(ROOT / "kabinet").parts
        if len(parts) > 1 and "migrations" not in parts:
            tree = ast.parse(path.read_text(encoding="utf-8"))
            found.append(Source(path, room=parts[0], job=parts[1].removesuffix(".py"), tree=tree))
    return tuple(found)


def calls(source: Source, *names: str) -> Iterator[ast.Call]:
    """Find calls by their last names, like `emit` in `events.emit(…)`."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and last_name(node.func) in names:
            yield node


def last_name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def first_text(source: Source, call: ast.Call) -> str | None:
    """Return the first argument where it is a text, or a name that the module binds to one."""
    if not call.args:
        return None
    argument = call.args[0]
    if isinstance(argument, ast.Name):
        argument = bound(source, argument.id) or argument
    return argument.value if isinstance(argument, ast.Constant) and isinstance(argument.value, str) else None


def bound(source: Source, name: str) -> ast.expr | None:
    for node in source.tree.body:
        if isinstance(node, ast.Assign) and [last_name(target) for target in node.targets] == [name]:
            return node.value
        if isinstance(node, ast.AnnAssign) and last_name(node.target) == name:
            return node.value
    return None
