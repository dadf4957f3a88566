"""Tables of readings."""

from kabinet.readings.models.facts import (
    EFFECTIVE,
    AcceptedVolume,
    Draft,
    Reading,
    ReadingSource,
    Reminder,
    SewageVolume,
    Submission,
    SubmissionState,
    VolumeDraft,
    WindowExtension,
)

__all__ = [
    "EFFECTIVE",
    "AcceptedVolume",
    "Draft",
    "Reading",
    "ReadingSource",
    "Reminder",
    "SewageVolume",
    "Submission",
    "SubmissionState",
    "VolumeDraft",
    "WindowExtension",
]
