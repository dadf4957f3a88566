"""Why a table is refused whole."""

from typing import Any

from kabinet.readings.values.files import FileProblem


class BadTable(Exception):
    """Raised for a table that cannot be taken; `facts` name the place."""

    def __init__(self, problem: FileProblem, **facts: Any) -> None:
        super().__init__(problem)
        self.code = problem.value
        self.facts = facts
