"""Readings sent without signing in, by the number of an account and of one of its meters (READ-18).

Whoever knows both sees the account's meters and what they showed before, and nothing of a person. The account is
looked for only after a proof that somebody is no robot; a pass, signed and short-lived, leads from there on.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.core import signing

from kabinet.accounts.services import tries
from kabinet.contracts.models import Contract, Meter
from kabinet.contracts.services.claims import account_by_meter
from kabinet.contracts.services.guessing import one_guess
from kabinet.infra import idempotency, mail, proofs
from kabinet.infra.db import use_case
from kabinet.infra.limits import Limit
from kabinet.providers import values as policy
from kabinet.providers.models import Provider
from kabinet.providers.selectors import OpenProvider
from kabinet.readings import letters
from kabinet.readings.rules.public import is_for_everybody
from kabinet.readings.selectors.household import TYPED
from kabinet.readings.services import household
from kabinet.readings.services.rows import Sending
from kabinet.readings.services.sending import TRIES, Unsettled
from kabinet.readings.values import Entry, Outcome
from kabinet.readings.values.household import Beside

PURPOSE: Final = "readings.public"
PASS_LIVES: Final = timedelta(hours=1)
CODES: Final = Limit("public_codes", 20, timedelta(hours=1))
SENDINGS: Final = Limit("public_sendings", 60, timedelta(hours=1))


class SeveralMeters(Exception):
    """Raised for an account that has several meters of a resource: which one is meant only its holder can say."""


def find(number_key: str, meter_key: str, *, provider: OpenProvider, address: str, at: datetime, today: date) -> str:
    """Return a pass to the account of this number that has this meter."""
    with one_guess(address=address, account=f"{provider.row.pk} {number_key}", allowed=provider.policy.limits):
        contract = _find(number_key, meter_key, provider_id=provider.row.pk, today=today)
    return signing.dumps([str(contract.pk), at.timestamp()], salt=PURPOSE)


@use_case
def _find(number_key: str, meter_key: str, *, provider_id: UUID, today: date) -> Contract:
    contract, resources = account_by_meter(number_key, meter_key, provider_id=provider_id, today=today)
    if not is_for_everybody([resource for resource in resources if resource in TYPED]):
        raise SeveralMeters
    return contract


def account_of(token: str, *, provider_id: UUID, at: datetime, today: date) -> Contract | None:
    """Return the account that a pass opens; None for a late or foreign one."""
    try:
        contract_id, made_at = signing.loads(token, salt=PURPOSE)
    except (signing.BadSignature, ValueError):
        return None
    if not 0 <= at.timestamp() - float(made_at) < PASS_LIVES.total_seconds():
        return None
    return Contract.objects.current(today).filter(pk=contract_id, provider_id=provider_id).first()


def send_code(email: str, *, provider: Provider, address: str, language: str, allowed: policy.Limits) -> str:
    """Send a code to whatever mailbox was typed, and return its seal: for browsers without scripts."""
    tries.spend_address(CODES, address)
    tries.spend_letter(email, PURPOSE, allowed=allowed)
    code = proofs.new_code()
    _post_code(email, code, provider=provider, language=language)
    return proofs.sealed(code, purpose=PURPOSE)


@use_case
def _post_code(email: str, code: str, *, provider: Provider, language: str) -> None:
    mail.post(letters.public_code(email, code, provider=provider, language=language))


def submit(
    contract: Contract, entries: Sequence[Entry], *, sending: Sending, beside: Beside, address: str
) -> list[Outcome]:
    """Send what the check screen has shown; whoever calls holds a pass to the account."""
    idempotency.require_good(sending.key)
    tries.spend_address(SENDINGS, address)
    entries = sorted(entries, key=lambda entry: entry.row_id)
    beside = household.with_letter_allowed(beside, sending=sending)
    for _ in range(TRIES):
        if (outcomes := _submit(contract, entries, sending=sending, beside=beside)) is not None:
            return outcomes
    raise Unsettled


@use_case
def _submit(contract: Contract, entries: Sequence[Entry], *, sending: Sending, beside: Beside) -> list[Outcome] | None:
    meters = Meter.objects.filter(contract=contract)
    return household.act(contract, entries, sending=sending, beside=beside, user_id=None, meters=meters)
