"""Pages that help: questions with answers, the manual, references."""

from kabinet.help.views.answers import answers
from kabinet.help.views.manual import manual, manual_pdf
from kabinet.help.views.references import references

__all__ = ["answers", "manual", "manual_pdf", "references"]
