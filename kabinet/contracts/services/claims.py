"""An account named by its number, its holder and one of its meters (CON-03)."""

from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from kabinet.accounts.services import parts
from kabinet.accounts.services.codes import NOBODY
from kabinet.contracts.models import Contract, Meter
from kabinet.contracts.rules import claims as rules
from kabinet.contracts.services.guessing import one_guess
from kabinet.contracts.services.linking import LinkRefused, NothingFound, join
from kabinet.contracts.values import KIND_OF, Claim, ContractKind, Known, LinkProblem
from kabinet.infra.db import step, use_case
from kabinet.kernel.actors import Actor
from kabinet.kernel.names import PersonName
from kabinet.providers import values as policy


def link_by_claim(
    claim: Claim, *, address: str, allowed: policy.Limits, by: Actor, at: datetime, today: date
) -> Contract:
    """Link the account to the cabinet of who is signed in; wrong guesses are limited."""
    account = account_of(claim, provider_id=by.provider)
    with one_guess(user=f"{by.provider} {by.person}", address=address, account=account, allowed=allowed):
        return _link(claim, by=by, at=at, today=today)


def account_of(claim: Claim, *, provider_id: UUID) -> str:
    """Return under which name tries with an account are counted, whether or not there is such an account."""
    return f"{provider_id} {claim.number_key}"


@use_case
def _link(claim: Claim, *, by: Actor, at: datetime, today: date) -> Contract:
    user = parts.hold(by.person, provider_id=by.provider).user
    if user.email_confirmed_at is None:
        raise LinkRefused(LinkProblem.EMAIL_UNCONFIRMED)
    contract = contract_of(claim, provider_id=by.provider, today=today)
    join(user, contract, by=by, at=at)
    return contract


@step
def contract_of(claim: Claim, *, provider_id: UUID, today: date) -> Contract:
    """Return the one account that the claim names rightly.

    The same statements and comparisons are made for an unknown account as for a wrong holder or meter; a number that
    several share is as good as unknown.
    """
    kind = KIND_OF[claim.mode]
    contract, meters = _numbered(claim.number_key, kind=kind, provider_id=provider_id, today=today)
    keys = frozenset(number for number, _resource in meters)
    if not rules.is_right(claim, _known(contract, keys)) or contract is None:
        raise NothingFound
    return contract


@step
def account_by_meter(number_key: str, meter_key: str, *, provider_id: UUID, today: date) -> tuple[Contract, list[str]]:
    """Return a household's account, one of whose meters has this number, with the resources of its meters (READ-18).

    The work is that of `contract_of`, and is the same for an unknown account as for another meter.
    """
    contract, meters = _numbered(number_key, kind=ContractKind.HOUSEHOLD, provider_id=provider_id, today=today)
    is_right = bool(meter_key) and meter_key in {number for number, _resource in meters}
    if not is_right or contract is None:
        raise NothingFound
    return contract, [resource for _number, resource in meters]


def _numbered(
    number_key: str, *, kind: ContractKind, provider_id: UUID, today: date
) -> tuple[Contract | None, list[tuple[str, str]]]:
    """Return the one account of the number, its meters by key and resource; as many statements where there is none."""
    current = Contract.objects.current(today).filter(provider_id=provider_id, number_key=number_key, kind=kind)
    found = list(current[:2])
    contract = found[0] if len(found) == 1 else None
    lasting = Q(valid_to__isnull=True) | Q(valid_to__gt=today)
    meters = Meter.objects.filter(lasting, contract_id=contract.pk if contract else NOBODY)
    return contract, list(meters.values_list("number_key", "resource"))


def _known(contract: Contract | None, keys: frozenset[str]) -> Known:
    if contract is None:
        return rules.NOTHING_KNOWN
    name = PersonName(contract.holder_last, contract.holder_first, contract.holder_middle)
    return Known(name=name, inn=contract.inn, meter_keys=keys)
