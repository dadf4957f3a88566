"""Deadline days chosen so that, whatever today is, some windows are open, some open soon and some have just closed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Final

from kabinet.kernel.calendar import WorkCalendar
from kabinet.providers.values import DeadlineDay
from kabinet.readings.rules import windows
from kabinet.readings.values import Window

DAYS: Final = range(1, 32)
SOON: Final = timedelta(days=6)
# How many days of each kind are used: those nearest to today.
NEAREST: Final = 5
# Of ten contracts in a row: five may send now, two soon, two could until lately, one whenever it happens.
TURNS: Final = ("open", "soon", "open", "closed", "open", "any", "open", "soon", "closed", "open")


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Days of the month by what their window does today."""

    open: tuple[int, ...]
    soon: tuple[int, ...]
    closed: tuple[int, ...]

    def day(self, turn: int, random: Random) -> int:
        """Return the deadline day of the contract whose turn it is."""
        kinds = {"open": self.open, "soon": self.soon, "closed": self.closed, "any": DAYS}
        return random.choice(kinds[TURNS[turn % len(TURNS)]])


def deadlines(rule: DeadlineDay, today: date, *, calendar: WorkCalendar) -> Deadlines:
    """Sort the days of the month by their windows: the longest open, the soonest to open, the last closed first."""
    now = {day: windows.current_window(rule, today, calendar=calendar, deadline_day=day) for day in DAYS}
    opened = {day: window for day, window in now.items() if window.holds(today)}
    ahead = {day: window for day, window in now.items() if today < window.opens <= today + SOON}
    before = {
        day: windows.last_closed_window(rule, today, calendar=calendar, deadline_day=day)
        for day in DAYS
        if day not in opened and day not in ahead
    }
    return Deadlines(
        open=_nearest(opened, key=lambda window: -_closing(window).toordinal()),
        soon=_nearest(ahead, key=lambda window: window.opens.toordinal()),
        closed=_nearest(
            {day: window for day, window in before.items() if window}, key=lambda window: -_closing(window).toordinal()
        ),
    )


def _nearest(found: dict[int, Window], *, key: Callable[[Window], int]) -> tuple[int, ...]:
    return tuple(sorted(found, key=lambda day: (key(found[day]), day))[:NEAREST])


def _closing(window: Window) -> date:
    # A deadline's window always has its last day.
    return window.closes or window.opens
