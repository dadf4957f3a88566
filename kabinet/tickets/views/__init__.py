"""Pages of tickets."""

from kabinet.tickets.views.cabinet import choose, mark_read, ticket, tickets, write
from kabinet.tickets.views.feedback import accepted, feedback
from kabinet.tickets.views.files import file

__all__ = ["accepted", "choose", "feedback", "file", "mark_read", "ticket", "tickets", "write"]
