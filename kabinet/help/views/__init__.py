"""Pages that help: questions with answers, the manual."""

from kabinet.help.views.answers import answers
from kabinet.help.views.manual import manual, manual_pdf

__all__ = ["answers", "manual", "manual_pdf"]
