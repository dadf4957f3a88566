"""Forms of tickets."""

from kabinet.tickets.forms.cabinet import ChooseForm, WriteForm
from kabinet.tickets.forms.feedback import LARGEST_FILE, TRAP, FeedbackForm, OptionalAddressField, new_stamp

__all__ = ["LARGEST_FILE", "TRAP", "ChooseForm", "FeedbackForm", "OptionalAddressField", "WriteForm", "new_stamp"]
