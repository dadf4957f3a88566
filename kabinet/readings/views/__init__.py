"""Pages of readings."""

from kabinet.readings.views import files, history, meters, points
from kabinet.readings.views.archive import archive, archive_volumes
from kabinet.readings.views.household import household, household_of, household_price, household_sent
from kabinet.readings.views.public import public, public_meters, public_sent
from kabinet.readings.views.send import send
from kabinet.readings.views.verification import verification
from kabinet.readings.views.volumes import send_volumes

__all__ = [
    "archive",
    "archive_volumes",
    "files",
    "history",
    "household",
    "household_of",
    "household_price",
    "household_sent",
    "meters",
    "points",
    "public",
    "public_meters",
    "public_sent",
    "send",
    "send_volumes",
    "verification",
]
