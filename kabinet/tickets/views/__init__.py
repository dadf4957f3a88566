"""Pages of tickets."""

from kabinet.tickets.views.cabinet import ask_access, choose, mark_read, ticket, tickets, write
from kabinet.tickets.views.feedback import accepted, feedback
from kabinet.tickets.views.files import file
from kabinet.tickets.views.orders import order, order_check, requests, statement

__all__ = [
    "accepted",
    "ask_access",
    "choose",
    "feedback",
    "file",
    "mark_read",
    "order",
    "order_check",
    "requests",
    "statement",
    "ticket",
    "tickets",
    "write",
]
