"""«Справочная информация»: the branch that serves you, upkeep of meters, prices, ways to pay (HELP-04)."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kabinet.contracts.http import Request
from kabinet.help import selectors
from kabinet.help.rules.references import is_number, passages_of
from kabinet.help.values import BlockKind, BranchValue, Cell, Passage, ReferenceKind, ShownPassage
from kabinet.providers.http import opened_by
from kabinet.providers.values import Section


@dataclass(frozen=True, slots=True)
class OwnBranch:
    """A branch with the numbers of the viewer's contracts that it serves."""

    branch: BranchValue
    numbers: tuple[str, ...]


@opened_by(Section.REFERENCES)
@require_safe
def references(request: Request) -> HttpResponse:
    """Show all four; the branches of one's own contracts stand first, strangers see the list."""
    provider_id = request.provider.row.pk
    branches = selectors.branches_of(provider_id)
    own = _own(request, branches)
    texts = selectors.references_of(provider_id)
    facts = {
        "own": own,
        "others": [branch for branch in branches if branch not in {one.branch for one in own}],
        "references": [(kind, shown(texts.get(kind, ""))) for kind in ReferenceKind],
    }
    return render(request, "help/references.html", facts)


def shown(text: str) -> list[ShownPassage]:
    """Return a text ready for the page."""
    return [_shown(passage) for passage in passages_of(text)]


def _shown(passage: Passage) -> ShownPassage:
    if passage.kind is not BlockKind.TABLE:
        return ShownPassage(passage.kind, lines=passage.lines)
    head, *rows = passage.rows
    body = tuple(
        tuple(Cell(name, text, is_number=is_number(text)) for name, text in zip(head, row, strict=True)) for row in rows
    )
    numbers = tuple(bool(body) and all(row[place].is_number for row in body) for place in range(len(head)))
    return ShownPassage(passage.kind, head=tuple(zip(head, numbers, strict=True)), rows=body)


def _own(request: Request, branches: Sequence[BranchValue]) -> list[OwnBranch]:
    served = selectors.served(request.viewer, branches) if request.viewer else {}
    return [OwnBranch(branch, tuple(numbers)) for branch, numbers in served.items()]
