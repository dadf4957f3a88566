"""Which branch serves whom: by the first signs of the contract's number (HELP-04)."""

import re
from collections.abc import Sequence

from kabinet.help.values import BranchValue


def branch_of(number: str, branches: Sequence[BranchValue]) -> BranchValue | None:
    """Return the branch that serves a contract: the longest beginning wins, one without any serves the rest."""
    typed = plain(number)
    best: tuple[int, BranchValue] | None = None
    for branch in branches:
        lengths = [len(begin) for begin in map(plain, branch.numbers) if typed.startswith(begin)]
        if not branch.numbers:
            lengths = [0]
        if lengths and (best is None or max(lengths) > best[0]):
            best = (max(lengths), branch)
    return best[1] if best else None


def plain(number: str) -> str:
    """Write a number as it is compared: without spaces and dashes, in any case."""
    return re.sub(r"[\s‐-―-]+", "", number).casefold()
