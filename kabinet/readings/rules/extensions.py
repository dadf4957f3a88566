"""When the office lets a window close later than the rule says (STAFF-01)."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from kabinet.readings.values import Extension, ExtensionProblem, Window


def extended(window: Window, extensions: Iterable[Extension], *, next_opens: date) -> Window:
    """Return the window as it closes after all; never on a day of the next one, which readings would then miss."""
    granted = [extension.closes for extension in extensions if extension.month == window.month]
    if window.closes is None or not granted:
        return window
    closes = min(max(granted), next_opens - timedelta(days=1))
    return replace(window, closes=closes, usual_closes=window.closes) if closes > window.closes else window


def extension_problem(wanted: Extension, window: Window, *, next_opens: date, today: date) -> ExtensionProblem | None:
    """Say why the window of the month cannot be extended so; None means that it can."""
    if window.closes is None:
        return ExtensionProblem.NOT_NEEDED
    if wanted.closes < today:
        return ExtensionProblem.IN_THE_PAST
    if wanted.closes <= window.closes:
        return ExtensionProblem.NOT_LATER
    return ExtensionProblem.NEXT_WINDOW if wanted.closes >= next_opens else None
