"""What is known of a file that somebody gave us."""

from enum import StrEnum


class ScanState(StrEnum):
    """How far the search for viruses is; `none` where nobody searches."""

    NONE = "none"
    WAITING = "waiting"
    CLEAN = "clean"
    INFECTED = "infected"
