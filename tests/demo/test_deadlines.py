"""On any day there are windows that are open, that open soon and that have just closed."""

from datetime import date, timedelta

import pytest

from demo.deadlines import NEAREST, deadlines
from demo.utilities import V, W
from demo.values import Utility
from kabinet.kernel.calendar import WorkCalendar
from kabinet.readings.rules import windows
from sandbox.demo.logins import window_word

WORK = WorkCalendar()
EVERY_DAY = [date(2025, 12, 1) + timedelta(days=passed) for passed in range(500)]


@pytest.mark.parametrize("utility", [W, V], ids=lambda utility: utility.slug)
def test_every_day_has_windows_of_all_kinds(utility: Utility) -> None:
    for today in EVERY_DAY:
        days = deadlines(utility.deadline, today, calendar=WORK)

        assert days.open, today
        assert days.soon, today
        assert len(days.closed) == NEAREST, today


@pytest.mark.parametrize("utility", [W, V], ids=lambda utility: utility.slug)
def test_sheet_calls_them_what_they_are(utility: Utility) -> None:
    for today in EVERY_DAY:
        days = deadlines(utility.deadline, today, calendar=WORK)

        words = {
            word: {window_word(utility.deadline, today, deadline_day=day) for day in found}
            for word, found in (("open", days.open), ("soon", days.soon))
        }
        assert words == {"open": {"open"}, "soon": {"soon"}}, today
        assert "open" not in {window_word(utility.deadline, today, deadline_day=day) for day in days.closed}


def test_closed_ones_closed_lately() -> None:
    today = date(2026, 10, 14)

    for day in deadlines(W.deadline, today, calendar=WORK).closed:
        before = windows.last_closed_window(W.deadline, today, calendar=WORK, deadline_day=day)

        assert before is not None
        assert before.closes is not None
        assert timedelta(0) < today - before.closes <= timedelta(days=7)


def test_open_ones_stay_open_longest() -> None:
    # On Thursday the 8th a window of the 10th, a Saturday, is open until Monday.
    assert deadlines(W.deadline, date(2026, 10, 8), calendar=WORK).open[0] == 10
