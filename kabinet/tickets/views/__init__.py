"""Pages of tickets."""

from kabinet.tickets.views.feedback import accepted, feedback
from kabinet.tickets.views.files import file

__all__ = ["accepted", "feedback", "file"]
