"""Pages of what billing prepares."""

from kabinet.billing.views.acts import acts, download
from kabinet.billing.views.slips import slip, slip_file

__all__ = ["acts", "download", "slip", "slip_file"]
