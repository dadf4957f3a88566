"""How often people may try: counted before the try, by the address that asks and the address that is written to."""

import logging
import time
from datetime import timedelta
from ipaddress import ip_address
from typing import Final

from django.conf import settings

from kabinet.infra import limits
from kabinet.infra.limits import Limit, LimitReached
from kabinet.providers import values as policy

log = logging.getLogger(__name__)

PAUSE_SECONDS: Final = 2
HOUR: Final = timedelta(hours=1)
SIGN_UPS: Final = Limit("sign_ups", 20, HOUR)
RECOVERIES: Final = Limit("recoveries", 20, HOUR)
KEPT_INPUTS: Final = Limit("kept_inputs", 60, HOUR)
PASSWORD_CHANGES: Final = Limit("password_changes", 10, HOUR)
ADDRESS_CHANGES: Final = Limit("address_changes", 10, HOUR)
LETTER_A_MINUTE: Final = Limit("letter_a_minute", 1, timedelta(minutes=1))
LETTERS_A_DAY: Final = Limit("letters_a_day", 12, timedelta(days=1))


def wrong_codes(allowed: policy.Limits) -> Limit:
    return Limit("wrong_codes", allowed.wrong_sign_ins_per_address_an_hour, HOUR)


def spend_address(limit: Limit, address: str) -> None:
    """Count a try of a network address; in a demonstration, where all come from one machine, it is not counted."""
    if not _is_demonstration(address):
        limits.spend(limit, address)


def give_back_address(limit: Limit, address: str) -> None:
    if not _is_demonstration(address):
        limits.give_back(limit, address)


def spend_letter(email: str, purpose: str, *, allowed: policy.Limits) -> None:
    """Count a letter, whether or not somebody has the address: the answer must not tell."""
    hourly = Limit("letters_an_hour", allowed.letters_per_address_an_hour, HOUR)
    for limit in (LETTER_A_MINUTE, hourly, LETTERS_A_DAY):
        limits.spend(limit, f"{purpose} {email}")


def is_letter_due(email: str, purpose: str, *, allowed: policy.Limits) -> bool:
    """Count a letter and say whether it may go; a second click within the minute is the first one again."""
    try:
        spend_letter(email, purpose, allowed=allowed)
    except LimitReached as reached:
        if reached.limit is not LETTER_A_MINUTE:
            raise
        return False
    return True


def slow_down(limit: Limit, subject: str) -> bool:
    """Say whether the try with an account was counted; too many of a day wait a little and are told of (TRUST 6).

    It is never refused: a stranger who tries numbers must not lock the owner of one of them out.
    """
    try:
        limits.spend(limit, subject)
    except LimitReached:
        log.warning("tries with one account slowed down", extra={"limit": limit.name})
        time.sleep(PAUSE_SECONDS)
        return False
    return True


def _is_demonstration(address: str) -> bool:
    try:
        return bool(settings.MODE == "demo" and ip_address(address).is_loopback)
    except ValueError:
        return False
