"""Asking, answering, closing; what may be asked about."""

from kabinet.tickets.services.asking import FilesRefused, ask
from kabinet.tickets.services.erasing import forget_author
from kabinet.tickets.services.office import NotPermitted, NotPossible, TicketUnknown, add_note, answer, close, take
from kabinet.tickets.services.talking import mark_read, reply
from kabinet.tickets.services.topics import publish_topic

__all__ = [
    "FilesRefused",
    "NotPermitted",
    "NotPossible",
    "TicketUnknown",
    "add_note",
    "answer",
    "ask",
    "close",
    "forget_author",
    "mark_read",
    "publish_topic",
    "reply",
    "take",
]
