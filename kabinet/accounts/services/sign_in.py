"""Signing in by e-mail or a login of before, and password (REG-05)."""

from datetime import datetime

from django.contrib.auth.hashers import make_password

from kabinet.accounts.models import User
from kabinet.accounts.services import first_passwords, sessions, tries
from kabinet.accounts.services.sessions import Started
from kabinet.accounts.values import Credentials, FirstPasswordState, Place
from kabinet.infra import limits
from kabinet.infra.db import use_case
from kabinet.infra.limits import Limit
from kabinet.kernel.actors import Actor
from kabinet.providers import values as policy
from kabinet.providers.models import Provider


class SignInRefused(Exception):
    """Raised for a wrong password and an unknown person alike."""


class FirstPasswordRefused(SignInRefused):
    """Raised when the letter's password was right and is so no longer: only who has the letter hears of it."""

    def __init__(self, state: FirstPasswordState) -> None:
        super().__init__(state)
        self.state = state


def sign_in(
    given: Credentials,
    *,
    provider: Provider,
    place: Place,
    replaces: str,
    allowed: policy.Limits,
    by: Actor,
    at: datetime,
) -> Started:
    """Begin a session in place of the browser's former one; wrong tries are limited by login and by address."""
    by_login = Limit("sign_in_login", allowed.wrong_sign_ins_per_login_an_hour, tries.HOUR)
    by_address = Limit("sign_in_address", allowed.wrong_sign_ins_per_address_an_hour, tries.HOUR)
    tries.spend_address(by_address, place.address)
    limits.spend(by_login, given.login)
    user = _customer(given, provider=provider)
    started = _begin(user, given, provider=provider, place=place, replaces=replaces, by=by, at=at)
    limits.give_back(by_login, given.login)
    tries.give_back_address(by_address, place.address)
    return started


def owner_of(given: Credentials, *, user: User | None) -> User:
    """Return the person if the password is his; it is hashed for nobody too, so that the time tells nothing."""
    if user is None:
        make_password(given.password)
        raise SignInRefused
    if not user.has_password(given.password):
        raise SignInRefused
    return user


def _customer(given: Credentials, *, provider: Provider) -> User:
    """Return whose password it is, one of a letter too: that opens the cabinet, never the office."""
    user = User.objects.known_as(given.login, provider=provider).first()
    if first_passwords.is_known(user, given.password) and user is not None and user.awaits_first_password:
        return user
    return owner_of(given, user=user)


@use_case
def _begin(
    verified: User, given: Credentials, *, provider: Provider, place: Place, replaces: str, by: Actor, at: datetime
) -> Started:
    user = User.objects.select_for_update(no_key=True).get(pk=verified.pk)
    if user.password != verified.password:
        # The password was changed between the look and the lock: what was right is right no longer.
        raise SignInRefused
    if user.awaits_first_password:
        state = first_passwords.spend(user, given.password, at=at)
        if state is not FirstPasswordState.OPEN:
            raise FirstPasswordRefused(state)
    elif user.has_outdated_hash:
        user.set_password(given.password)
        user.save(update_fields=["password"])
    sessions.note_browser(user, provider=provider, place=place, at=at)
    return sessions.begin(user, provider=provider, place=place, replaces=replaces, by=by, at=at)
