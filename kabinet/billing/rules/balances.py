"""Whether a month's account adds up."""

from decimal import localcontext

from kabinet.billing.values import Sums
from kabinet.kernel.exact import EXACT


def adds_up(sums: Sums) -> bool:
    """Say whether the closing is the opening with all that was added, less what was paid."""
    with localcontext(EXACT):
        return sums.closing == sums.opening + sums.charged + sums.recalculated + sums.penalty - sums.paid
