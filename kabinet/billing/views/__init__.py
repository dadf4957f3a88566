"""Pages of what billing prepares."""

from kabinet.billing.views.acts import acts, download

__all__ = ["acts", "download"]
