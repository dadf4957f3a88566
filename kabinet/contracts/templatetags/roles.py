"""The names of roles."""

from django import template

from kabinet.contracts.forms import ROLE_WORDS
from kabinet.contracts.values import Role

register = template.Library()


@register.filter
def role_name(role: str) -> str:
    """Return a role as people know it (ROLE-01)."""
    return str(ROLE_WORDS[Role(role)])
