"""The names of roles."""

from collections.abc import Mapping
from uuid import UUID

from django import template

from kabinet.contracts.forms import ROLE_WORDS
from kabinet.contracts.models import Contract
from kabinet.contracts.values import Role

register = template.Library()


@register.filter
def role_name(role: str) -> str:
    """Return a role as people know it (ROLE-01)."""
    return str(ROLE_WORDS[Role(role)])


@register.filter
def role_in(contract: Contract, roles: Mapping[UUID, Role]) -> str:
    """Return the person's role on a contract as people know it; empty where none is held."""
    return role_name(roles[contract.pk]) if contract.pk in roles else ""
