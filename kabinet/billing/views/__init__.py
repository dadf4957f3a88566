"""Pages of what billing prepares."""

from kabinet.billing.views.acts import acts, download
from kabinet.billing.views.calculator import calculator
from kabinet.billing.views.common_needs import common_needs
from kabinet.billing.views.personal import personal, personal_account
from kabinet.billing.views.slips import slip, slip_file

__all__ = ["acts", "calculator", "common_needs", "download", "personal", "personal_account", "slip", "slip_file"]
