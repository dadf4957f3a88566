"""The specialist of each provider's office, with the second factor's secret told, as only a demonstration may."""

from datetime import datetime
from typing import Any

from demo.loading.providers import loader
from demo.values import PASSWORD
from kabinet.accounts.models import Specialist, User
from kabinet.accounts.services import specialists
from kabinet.accounts.values import NewSpecialist, StaffRole
from kabinet.infra.db import use_case
from kabinet.providers.models import Provider


def specialist_of(provider: Provider, *, at: datetime) -> Specialist:
    """Return the specialist, appointed where there is none yet."""
    email = _email(provider)
    held = Specialist.objects.filter(provider=provider, user__email=email).first()
    return held or _appointed(email, provider=provider, at=at)


def settle(provider: Provider, *, base_url: str, at: datetime) -> dict[str, Any]:
    """Hand the second factor over; return the line of the sheet of logins."""
    specialist = specialist_of(provider, at=at)
    secret = specialists.hand_over_factor(specialist.pk, provider=provider, by=loader(provider), at=at)
    return {
        "email": _email(provider),
        "password": PASSWORD,
        "totp_secret": secret,
        "url": f"{base_url}/{provider.slug}/office/",
        "shows": "кабинет специалиста: обращения, карточки, сроки, журнал",
    }


def _email(provider: Provider) -> str:
    return f"office-{provider.slug}@example.com"


def _appointed(email: str, *, provider: Provider, at: datetime) -> Specialist:
    _with_known_password(email, at=at)
    wanted = NewSpecialist(email, roles=frozenset(StaffRole))
    return specialists.appoint(wanted, provider=provider, by=loader(provider), at=at).specialist


@use_case
def _with_known_password(email: str, *, at: datetime) -> None:
    """Make the user first: who has a password keeps it when appointed."""
    user = User(email=email, email_confirmed_at=at, last_name="Перевозчикова", first_name="Анна", joined_at=at)
    user.set_password(PASSWORD)
    user.save(force_insert=True)
