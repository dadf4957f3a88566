"""Pages of readings."""

from kabinet.readings.views.archive import archive
from kabinet.readings.views.send import send

__all__ = ["archive", "send"]
