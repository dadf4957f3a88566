"""A try to name an account: counted before it is made, given back when it was no guess (TRUST 6)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Final

from kabinet.accounts.services import tries
from kabinet.infra import limits
from kabinet.infra.limits import Limit
from kabinet.providers import values as policy

DAY: Final = timedelta(days=1)
HOUR: Final = timedelta(hours=1)


class WrongGuess(Exception):
    """Raised by what was tried where it named nothing: the only thing that stays counted."""


@contextmanager
def one_guess(*, address: str, account: str, allowed: policy.Limits, user: str = "") -> Iterator[None]:
    """Let one try through; `user` is empty where nobody is signed in.

    User and address are refused when they tried too often; tries with one account only slow down, so that a
    stranger cannot lock its owner out.
    """
    of_user = Limit("link_user", allowed.wrong_links_per_user_a_day, DAY)
    of_address = Limit("link_address", allowed.wrong_links_per_address_an_hour, HOUR)
    of_account = Limit("link_account", allowed.wrong_links_per_account_a_day, DAY)
    if user:
        limits.spend(of_user, user)
    tries.spend_address(of_address, address)
    is_counted = tries.slow_down(of_account, account)
    is_wrong = False
    try:
        yield
    except WrongGuess:
        is_wrong = True
        raise
    finally:
        if not is_wrong:
            if user:
                limits.give_back(of_user, user)
            tries.give_back_address(of_address, address)
            if is_counted:
                limits.give_back(of_account, account)
