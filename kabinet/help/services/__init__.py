"""Publishing questions with answers and references, and printing the manual."""

from kabinet.help.services.entries import (
    AlreadyWithdrawn,
    EntryUnknown,
    NotPermitted,
    publish_entry,
    withdraw_entry,
)
from kabinet.help.services.manual import forget_manuals, print_manual
from kabinet.help.services.references import BranchUnknown, NameTaken, keep_branch, publish_reference

__all__ = [
    "AlreadyWithdrawn",
    "BranchUnknown",
    "EntryUnknown",
    "NameTaken",
    "NotPermitted",
    "forget_manuals",
    "keep_branch",
    "print_manual",
    "publish_entry",
    "publish_reference",
    "withdraw_entry",
]
