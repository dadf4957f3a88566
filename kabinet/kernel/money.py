"""Money is `Decimal`, rounded once per printed line."""

from decimal import Decimal

from kabinet.kernel.exact import half_up


def to_kopecks(amount: Decimal) -> Decimal:
    """Round an amount half up to kopecks."""
    return half_up(amount, places=2)
