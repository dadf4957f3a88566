"""Tables of readings."""

from kabinet.readings.models.doubts import DoubtfulReading, MeterClaim
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
    VerificationWarning,
    VolumeDraft,
    WindowExtension,
)
from kabinet.readings.models.files import FileRow, ReadingsFile

__all__ = [
    "EFFECTIVE",
    "AcceptedVolume",
    "DoubtfulReading",
    "Draft",
    "FileRow",
    "MeterClaim",
    "Reading",
    "ReadingSource",
    "ReadingsFile",
    "Reminder",
    "SewageVolume",
    "Submission",
    "SubmissionState",
    "VerificationWarning",
    "VolumeDraft",
    "WindowExtension",
]
