"""Pages of readings."""

from kabinet.readings.views.archive import archive
from kabinet.readings.views.archive_volumes import archive_volumes
from kabinet.readings.views.send import send
from kabinet.readings.views.volumes import send_volumes

__all__ = ["archive", "archive_volumes", "send", "send_volumes"]
