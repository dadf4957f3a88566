"""A try to name an account: counted before it is made, given back when it was no guess (TRUST 6)."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
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


def limit_of_user(allowed: policy.Limits) -> Limit:
    return Limit("link_user", allowed.wrong_links_per_user_a_day, DAY)


def limit_of_address(allowed: policy.Limits) -> Limit:
    return Limit("link_address", allowed.wrong_links_per_address_an_hour, HOUR)


@contextmanager
def one_guess(*, address: str, allowed: policy.Limits, account: str = "", user: str = "") -> Iterator[None]:
    """Let one try through; `user` is empty where nobody is signed in, `account` where the guess is of no account.

    User and address are refused when they tried too often; tries with one account only slow down, so that a
    stranger cannot lock its owner out. Whoever is refused by one count has spent nothing of the others.
    """
    of_user, of_address = limit_of_user(allowed), limit_of_address(allowed)
    of_account = Limit("link_account", allowed.wrong_links_per_account_a_day, DAY)
    with ExitStack() as given_back:
        if user:
            limits.spend(of_user, user)
            given_back.callback(limits.give_back, of_user, user)
        tries.spend_address(of_address, address)
        given_back.callback(tries.give_back_address, of_address, address)
        if account and tries.slow_down(of_account, account):
            given_back.callback(limits.give_back, of_account, account)
        try:
            yield
        except WrongGuess:
            given_back.pop_all()
            raise
