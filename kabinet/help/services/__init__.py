"""Publishing questions with answers, and printing the manual."""

from kabinet.help.services.entries import (
    AlreadyWithdrawn,
    EntryUnknown,
    NotPermitted,
    publish_entry,
    withdraw_entry,
)
from kabinet.help.services.manual import forget_manuals, print_manual

__all__ = [
    "AlreadyWithdrawn",
    "EntryUnknown",
    "NotPermitted",
    "forget_manuals",
    "print_manual",
    "publish_entry",
    "withdraw_entry",
]
