"""Builders of the office's tests: specialists with their telephones, and browsers in the office."""

import functools
from datetime import datetime, timedelta
from typing import Any

import pyotp
from django.test import Client

from kabinet.accounts.models import SecondFactor, Specialist, StaffSession, User
from kabinet.accounts.selectors import key_of
from kabinet.accounts.services import office_entrance
from kabinet.accounts.values import Place, StaffRole
from kabinet.infra import clock
from kabinet.infra.models import AuditRow
from kabinet.kernel.actors import Actor
from kabinet.providers.models import Provider
from kabinet.staff.http import COOKIE
from tests import world

HERE = Place(address="203.0.113.9", agent="Firefox")


@functools.cache
def hashed_password() -> str:
    """Hash once: every test has specialists, and hashing is made to be slow."""
    user = User()
    user.set_password(world.PASSWORD)
    return user.password


def specialist(
    of: Provider, email: str, *roles: StaffRole, has_factor: bool = True, must_change_password: bool = False
) -> Specialist:
    """Let a person work in the office; without roles named he is its administrator."""
    user = User(email=email, first_name=email.split("@", 1)[0].title(), last_name="Петрова", joined_at=world.NOW)
    user.must_change_password = must_change_password
    user.password = hashed_password()
    user.save()
    row = Specialist.objects.create(
        user=user,
        provider=of,
        roles=sorted(roles or (StaffRole.ADMINISTRATOR,)),
        begins_at=clock.technical_now() - timedelta(days=1),
        created_at=world.NOW,
    )
    if has_factor:
        SecondFactor.objects.create(specialist=row, confirmed_at=world.NOW)
    return row


def code_of(row: Specialist, *, at: datetime | None = None) -> str:
    """Return what the specialist's telephone shows."""
    factor = SecondFactor.objects.get(specialist=row)
    return pyotp.TOTP(factor.secret).at(at or clock.technical_now())


def session_of(row: Specialist, *, is_open: bool = True, token: str = "", **changed: Any) -> tuple[str, StaffSession]:
    at = clock.technical_now()
    token = token or f"office-{row.pk}"
    facts = {
        "started_at": at,
        "seen_at": at,
        "expires_at": at + timedelta(hours=12),
        "factor_passed_at": at if is_open else None,
    }
    session = StaffSession.objects.create(
        key=key_of(token), specialist=row, address="203.0.113.9", agent="Firefox", **(facts | changed)
    )
    return token, session


def browser_of(row: Specialist, **changed: Any) -> Client:
    """Return a browser in which the specialist has passed both factors."""
    token, _ = session_of(row, **changed)
    browser = Client(REMOTE_ADDR="203.0.113.9")
    browser.cookies[COOKIE] = token
    return browser


def actor(row: Specialist) -> Actor:
    return office_entrance.actor_of(row)


def audited(act: str) -> list[AuditRow]:
    return list(AuditRow.objects.filter(act=act).order_by("at"))


def open_card(browser: Client, path: str, *, reason: str = "call", reference: str = "") -> None:
    """Say why, as the page asks."""
    answer = browser.post(path, {"reason": reason, "reference": reference})
    assert answer.status_code == 302, answer.content.decode()
