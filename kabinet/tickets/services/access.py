"""«Запросить доступ»: a ticket by which a person asks to be the Администратор of a contract (ROLE-03)."""

from datetime import datetime

from kabinet.contracts.models import Membership
from kabinet.contracts.selectors import has_administrator
from kabinet.contracts.services.access import NotSeen, require
from kabinet.contracts.values import Action
from kabinet.infra.db import step
from kabinet.kernel.actors import Actor
from kabinet.tickets.models import Ticket
from kabinet.tickets.rules.topics import is_about_access
from kabinet.tickets.values import AccessProblem


class AccessNotAsked(Exception):
    """Raised when the contract has its Администратор, or the person's request is open already; says which."""

    def __init__(self, problem: AccessProblem) -> None:
        super().__init__(problem)
        self.problem = problem


@step
def begin(ticket: Ticket, *, by: Actor, at: datetime) -> None:
    """Write the ticket's number down at the membership, so that its holder's button opens it; others do nothing."""
    if not is_about_access(ticket):
        return
    if ticket.contract is None:
        raise NotSeen
    membership = require(by, ticket.contract, Action.ASK_FOR_ADMINISTRATOR, at=at)
    if has_administrator(ticket.contract, at=at):
        raise AccessNotAsked(AccessProblem.HAS_ADMINISTRATOR)
    if membership.access_request:
        raise AccessNotAsked(AccessProblem.ASKED)
    membership.access_request = ticket.number
    membership.save(update_fields=["access_request"])


@step
def end(ticket: Ticket) -> None:
    """Let the holder ask again once the ticket is closed."""
    asking = Membership.objects.filter(access_request=ticket.number)
    asking.filter(user=ticket.author, contract=ticket.contract).update(access_request="")
