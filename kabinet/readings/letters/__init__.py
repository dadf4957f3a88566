"""Letters about readings: what is to be sent till when, and what billing refused; each has one link."""

from collections.abc import Sequence
from dataclasses import dataclass

from kabinet.accounts.letters import link_to, portal_address
from kabinet.accounts.models import User
from kabinet.contracts.models import Contract
from kabinet.infra.mail import Letter
from kabinet.providers.models import Provider
from kabinet.readings.models import SewageVolume, Submission
from kabinet.readings.values import Left, ReminderKind, Window


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


def time_to_send(dues: Sequence[ToSend], user: User, *, provider: Provider) -> Letter:
    """Tell which windows are open and which are about to close."""
    is_only_volumes = not any(due.left.readings for due in dues)
    facts: dict[str, object] = {
        "closing": [due for due in dues if due.kind is ReminderKind.CLOSING],
        "opened": [due for due in dues if due.kind is ReminderKind.OPENED],
        "page": link_to(provider, "readings:volumes" if is_only_volumes else "readings:send"),
    }
    return _letter("time_to_send", user, provider, facts)


def refused(refusals: Sequence[Refusals], user: User, *, provider: Provider) -> Letter:
    """Tell what billing did not take and why."""
    is_only_volumes = not any(one.readings for one in refusals)
    facts: dict[str, object] = {
        "refusals": refusals,
        "is_open": any(one.window for one in refusals),
        "page": link_to(provider, "readings:volumes" if is_only_volumes else "readings:send"),
    }
    return _letter("refused", user, provider, facts)


def _letter(template: str, user: User, provider: Provider, facts: dict[str, object]) -> Letter:
    shared = {"provider": provider, "portal": portal_address(provider)}
    return Letter(
        template=f"readings/{template}", to=user.email or "", language=user.language, facts={**shared, **facts}
    )
