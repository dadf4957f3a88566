"""Pages of readings."""

from kabinet.readings.views.archive import archive, archive_volumes
from kabinet.readings.views.send import send
from kabinet.readings.views.volumes import send_volumes

__all__ = ["archive", "archive_volumes", "send", "send_volumes"]
