"""Forms of tickets."""

from kabinet.tickets.forms.cabinet import ChooseForm, WriteForm
from kabinet.tickets.forms.feedback import TRAP, FeedbackForm, OptionalAddressField, new_stamp
from kabinet.tickets.forms.files import LARGEST_FILE, FilesField, refused_file

__all__ = [
    "LARGEST_FILE",
    "TRAP",
    "ChooseForm",
    "FeedbackForm",
    "FilesField",
    "OptionalAddressField",
    "WriteForm",
    "new_stamp",
    "refused_file",
]
