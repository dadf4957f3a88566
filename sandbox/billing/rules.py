"""Whether billing takes what was sent."""

from decimal import Decimal
from typing import Final

from kabinet.readings.rules import consumption, plausibility
from kabinet.readings.values import Stretch
from sandbox.billing.values import Dial, Known, Reason, Sent

# What no contract of ours pours into the drains in a month, in m³.
LARGEST_VOLUME: Final = Decimal(50_000)


def volume_objection(sent: Sent, *, contract: str | None) -> Reason | None:
    """Say why a volume cannot be taken; `contract` is the one that its supply point belongs to."""
    if contract != sent.contract:
        return Reason.UNKNOWN_POINT
    return Reason.VOLUME_TOO_LARGE if sent.value > LARGEST_VOLUME else None


def objection(sent: Sent, *, dial: Dial | None, previous: Known | None) -> Reason | None:
    """Say why the reading cannot be taken; None means that it can."""
    if dial is None or dial.contract != sent.contract:
        return Reason.UNKNOWN_REGISTER
    if sent.taken_on < dial.valid_from or (dial.valid_to is not None and sent.taken_on >= dial.valid_to):
        return Reason.METER_REMOVED
    # From the day of expiry the meter counts as out of order (rule 354, paragraph 81(12)).
    if dial.verification_due is not None and sent.taken_on >= dial.verification_due:
        return Reason.VERIFICATION_EXPIRED
    if sent.value >= 10**dial.integer_digits:
        return Reason.TOO_MANY_DIGITS
    return None if previous is None else _against_previous(sent, dial=dial, previous=previous)


def _against_previous(sent: Sent, *, dial: Dial, previous: Known) -> Reason | None:
    # Customers read the black digits alone; an inspector's red ones must not make an honest reading fall.
    stretch = Stretch(previous=Decimal(int(previous.value)), current=Decimal(int(sent.value)))
    run = consumption.register_consumption(
        stretch, integer_digits=dial.integer_digits, rollover_confirmed=sent.rolls_over
    ).consumption
    if run < 0:
        return Reason.BELOW_PREVIOUS
    limit = plausibility.physical_limit(dial.limit_per_day, days=(sent.taken_on - previous.taken_on).days)
    return Reason.BEYOND_PHYSICAL_LIMIT if limit is not None and run > limit else None
