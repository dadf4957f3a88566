"""People of a portal that this one replaces: they sign in by the login that they had (REG-05)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.contrib.auth.hashers import identify_hasher, make_password

from kabinet.accounts.models import LoginName, User
from kabinet.accounts.rules.addresses import email_problem, normal_email, normal_login
from kabinet.infra import audit
from kabinet.infra.db import use_case
from kabinet.kernel.actors import Actor
from kabinet.providers.models import Provider

_LONGEST: Final = 60


class OldLoginRefused(Exception):
    """Raised when a person of the former portal cannot be taken over; the text is for who brings the list."""


@dataclass(frozen=True, slots=True)
class OldPerson:
    """A person as the former portal knew him.

    `password` is an Argon2 hash in the usual spelling; without one the office has to help with the first sign-in, as
    without an e-mail (REG-06).
    """

    login: str
    password: str = ""
    last_name: str = ""
    first_name: str = ""
    middle_name: str = ""
    phone: str = ""
    email: str = ""


@use_case
def take_over(person: OldPerson, *, provider: Provider, by: Actor, at: datetime) -> bool:
    """Make the person's user with the login of before; False where the login is here already.

    An address that has a user is left out: whose it is has to be proved by a code, not said by a list.
    """
    login = normal_login(person.login)
    if not login or "@" in login or len(login) > _LONGEST:
        raise OldLoginRefused(f"«{person.login}» — не логин: нужен текст до {_LONGEST} знаков без @")
    if LoginName.objects.filter(provider=provider, value=login).exists():
        return False
    user = User.objects.create(
        email=_free_address(person.email),
        password=_checked(person.password),
        last_name=person.last_name,
        first_name=person.first_name,
        middle_name=person.middle_name,
        phone=person.phone,
        joined_at=at,
    )
    LoginName.objects.create(provider=provider, value=login, user=user)
    audit.record("accounts.old_login_taken_over", user, before=None, after=None, by=by)
    return True


def _free_address(text: str) -> str | None:
    if not text:
        return None
    if email_problem(text):
        raise OldLoginRefused(f"«{text}» — не адрес почты")
    email = normal_email(text)
    return None if User.objects.with_email(email).exists() else email


def _checked(password: str) -> str:
    if not password:
        return make_password(None)
    try:
        identify_hasher(password)
    except ValueError:
        raise OldLoginRefused("пароль не в виде argon2$…; оставьте его пустым") from None
    return password
