"""Pages of what billing prepares."""

from kabinet.billing.views.acts import acts, download
from kabinet.billing.views.personal import personal, personal_account
from kabinet.billing.views.slips import slip, slip_file

__all__ = ["acts", "download", "personal", "personal_account", "slip", "slip_file"]
