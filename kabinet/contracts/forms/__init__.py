"""Forms of contracts."""

from kabinet.contracts.forms.adding import AddForm
from kabinet.contracts.forms.linking import ROLE_WORDS, GrantForm, LinkForm, Scope

__all__ = ["ROLE_WORDS", "AddForm", "GrantForm", "LinkForm", "Scope"]
