"""What tests told of themselves: figures and counts, for the summary and for the result of a deep run."""

import json
import os
from collections import defaultdict
from pathlib import Path

import pytest

FIGURE = "figure"
OUTCOMES = ("passed", "failed", "error", "skipped")


def figures_in(reports: list[pytest.TestReport]) -> dict[str, int | float]:
    """Add up the figures of the same name."""
    total: dict[str, int | float] = {}
    for kind, figure in (fact for report in reports for fact in report.user_properties):
        if kind == FIGURE and isinstance(figure, dict):
            total |= {name: total.get(name, 0) + number for name, number in figure.items()}
    return total


def seconds_in(reporter: pytest.TerminalReporter) -> str:
    """Say how long the tests of each folder took, the longest first: what has outgrown its minutes is cut (TRUST)."""
    spent: defaultdict[str, float] = defaultdict(float)
    for report in (report for some in reporter.stats.values() for report in some):
        if isinstance(report, pytest.TestReport):
            spent[Path(report.nodeid).parts[1]] += report.duration
    longest = sorted(spent.items(), key=lambda of: -of[1])
    return ", ".join(f"{folder} {seconds:.0f}" for folder, seconds in longest if seconds >= 1)


def write(reporter: pytest.TerminalReporter, figures: dict[str, int | float]) -> None:
    """Leave counts and figures where a deep run looks for them."""
    if told := os.environ.get("KABINET_TOLD"):
        tests = {outcome: len(reporter.stats.get(outcome, [])) for outcome in OUTCOMES if reporter.stats.get(outcome)}
        Path(told).write_text(json.dumps({"tests": tests, "figures": figures}), encoding="utf-8")
