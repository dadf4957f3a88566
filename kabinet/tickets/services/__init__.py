"""Asking, answering, closing; what may be asked about."""

from kabinet.tickets.services.access import AccessNotAsked
from kabinet.tickets.services.asking import FilesRefused, ask
from kabinet.tickets.services.erasing import forget_address, forget_author
from kabinet.tickets.services.office import (
    NoCabinet,
    NotAboutAccess,
    NotPermitted,
    NotPossible,
    TicketUnknown,
    add_note,
    answer,
    close,
    grant_access,
    refuse_access,
    take,
)
from kabinet.tickets.services.talking import mark_read, reply
from kabinet.tickets.services.topics import publish_topic

__all__ = [
    "AccessNotAsked",
    "FilesRefused",
    "NoCabinet",
    "NotAboutAccess",
    "NotPermitted",
    "NotPossible",
    "TicketUnknown",
    "add_note",
    "answer",
    "ask",
    "close",
    "forget_address",
    "forget_author",
    "grant_access",
    "mark_read",
    "publish_topic",
    "refuse_access",
    "reply",
    "take",
]
