"""Publishing questions with answers, and printing the manual."""

from kabinet.help.services.entries import (
    AlreadyWithdrawn,
    EntryUnknown,
    NotPermitted,
    publish_entry,
    withdraw_entry,
)
from kabinet.help.services.manual import print_manual

__all__ = [
    "AlreadyWithdrawn",
    "EntryUnknown",
    "NotPermitted",
    "print_manual",
    "publish_entry",
    "withdraw_entry",
]
