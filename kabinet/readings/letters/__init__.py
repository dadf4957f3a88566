"""Letters about readings: what is to be sent till when, and what billing refused; each has one link."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN
from typing import Final

from kabinet.accounts.letters import link_to, portal_address
from kabinet.accounts.models import User
from kabinet.contracts.models import Contract, Meter
from kabinet.contracts.values import ContractKind
from kabinet.infra import proofs
from kabinet.infra.mail import Letter
from kabinet.kernel.periods import Month
from kabinet.providers.models import Provider
from kabinet.providers.values import Resource
from kabinet.readings.models import MeterClaim, SewageVolume, Submission
from kabinet.readings.values import Left, ReminderKind, Window

# So many meters of a contract a letter names, the rest it counts.
METERS_NAMED: Final = 40
UNITS: Final = {Resource.ELECTRICITY: "кВт·ч", Resource.HOT_WATER: "м³", Resource.COLD_WATER: "м³"}


@dataclass(frozen=True, slots=True)
class Receiver:
    """Where a letter of receipt goes, in which language, and of which period it speaks."""

    email: str
    language: str
    month: Month


@dataclass(frozen=True, slots=True)
class ToSend:
    """A contract whose window is open, and what the person has left to send of it."""

    contract: Contract
    window: Window
    left: Left
    kind: ReminderKind


@dataclass(frozen=True, slots=True)
class Refusals:
    """What billing refused of a contract's month, and whether it can still be sent anew."""

    contract: Contract
    window: Window | None
    readings: Sequence[Submission]
    volumes: Sequence[SewageVolume]


@dataclass(frozen=True, slots=True)
class ToVerify:
    """A meter whose verification ends on the day, so many days from now."""

    meter: Meter
    due_on: date
    left: int


def time_to_send(dues: Sequence[ToSend], user: User, *, provider: Provider) -> Letter:
    """Tell which windows are open and which are about to close."""
    is_only_volumes = not any(due.left.readings for due in dues)
    facts: dict[str, object] = {
        "closing": [due for due in dues if due.kind is ReminderKind.CLOSING],
        "opened": [due for due in dues if due.kind is ReminderKind.OPENED],
        "page": _page(provider, [due.contract for due in dues], is_only_volumes=is_only_volumes),
    }
    return _letter("time_to_send", user, provider, facts)


def refused(refusals: Sequence[Refusals], user: User, *, provider: Provider) -> Letter:
    """Tell what billing did not take and why."""
    is_only_volumes = not any(one.readings for one in refusals)
    facts: dict[str, object] = {
        "refusals": refusals,
        "is_open": any(one.window for one in refusals),
        "page": _page(provider, [one.contract for one in refusals], is_only_volumes=is_only_volumes),
    }
    return _letter("refused", user, provider, facts)


def verification(found: Sequence[ToVerify], user: User, *, provider: Provider, has_page: bool) -> Letter:
    """Tell which meters are to be verified soon, by contract; of very many the first are named."""
    by_contract: dict[Contract, list[ToVerify]] = {}
    for one in found:
        by_contract.setdefault(one.meter.contract, []).append(one)
    facts: dict[str, object] = {
        "contracts": [(contract, own[:METERS_NAMED], len(own[METERS_NAMED:])) for contract, own in by_contract.items()],
        "nearest": min(one.due_on for one in found),
        "page": link_to(provider, "readings:verification" if has_page else "home:start"),
    }
    return _letter("verification", user, provider, facts)


def _page(provider: Provider, contracts: Sequence[Contract], *, is_only_volumes: bool) -> str:
    """Return the page on which this is sent."""
    if all(contract.kind == ContractKind.HOUSEHOLD for contract in contracts):
        return link_to(provider, "readings:household")
    return link_to(provider, "readings:volumes" if is_only_volumes else "readings:send")


def received(sent: Sequence[Submission], claims: Sequence[MeterClaim], contract: Contract, to: Receiver) -> Letter:
    """Confirm what came: meters and numbers alone, for the address is whatever the sender typed."""
    provider = contract.provider
    facts: dict[str, object] = {
        "provider": provider,
        "portal": portal_address(provider),
        "contract": contract,
        "month": to.month,
        "lines": [_line(one) for one in sent],
        "claims": claims,
    }
    return Letter(template="readings/received", to=to.email, language=to.language, facts=facts)


def public_code(email: str, code: str, *, provider: Provider, language: str) -> Letter:
    """Carry the code that shows that somebody reads the mailbox: it names nothing else."""
    facts: dict[str, object] = {
        "provider": provider,
        "portal": portal_address(provider),
        "code": code,
        "minutes": int(proofs.LIVES.total_seconds()) // 60,
    }
    return Letter(template="readings/public_code", to=email, language=language, facts=facts)


def infected_photo(user: User, contract: Contract, *, provider: Provider) -> Letter:
    """Tell that a virus was found in the photo of a meter; the reading went without it."""
    return _letter("infected_photo", user, provider, {"contract": contract.number})


def _line(one: Submission) -> dict[str, object]:
    """Return what the letter says of a reading; what ran past zero has run on from the previous one."""
    register = one.register
    run = None if one.previous is None else one.value - one.previous.to_integral_value(ROUND_DOWN)
    if run is not None and one.rolls_over:
        run += 10**register.integer_digits
    return {
        "meter": register.meter,
        "number": register.tariff_number,
        "value": str(int(one.value)).zfill(register.integer_digits),
        "run": run,
        "unit": UNITS[Resource(register.meter.resource)],
    }


def _letter(template: str, user: User, provider: Provider, facts: dict[str, object]) -> Letter:
    shared = {"provider": provider, "portal": portal_address(provider)}
    return Letter(
        template=f"readings/{template}", to=user.email or "", language=user.language, facts={**shared, **facts}
    )
