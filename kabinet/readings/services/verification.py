"""Letters about verification that comes: sixty, thirty and seven days before, each step of a meter once (NOTE-04)."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from kabinet.infra import mail
from kabinet.infra.db import use_case
from kabinet.providers.selectors import OpenProvider
from kabinet.providers.values import Section
from kabinet.readings import letters
from kabinet.readings.letters import ToVerify
from kabinet.readings.models import VerificationWarning
from kabinet.readings.rules.reminders import is_hour_for_letters
from kabinet.readings.selectors import verification as selectors
from kabinet.readings.selectors.verification import Warned
from kabinet.readings.services.reminders import held_for_letters


def warn(provider: OpenProvider, *, at: datetime) -> int:
    """Write to everybody who may send readings of a meter that came to a step; one letter names all meters of a person.

    A job that slept through a step tells the narrowest one alone. Return how many letters were left to the jobs.
    """
    local = at.astimezone(provider.row.zone)
    if not is_hour_for_letters(local.time()):
        return 0
    people = selectors.people_to_warn(provider, at=at, today=local.date())
    return sum(_warn(user, provider=provider, at=at, today=local.date()) for user in people)


@use_case
def _warn(user_id: UUID, *, provider: OpenProvider, at: datetime, today: date) -> bool:
    user = held_for_letters(user_id, provider=provider)
    found = selectors.to_warn_of(provider, user_id, at=at, today=today) if user else []
    if user is None or not found:
        return False
    _note(user_id, found, today=today)
    named = [ToVerify(one.meter, one.due_on, (one.due_on - today).days) for one in found]
    has_page = Section.POINT_READINGS in provider.policy.sections
    mail.post(letters.verification(named, user, provider=provider.row, has_page=has_page))
    return True


def _note(user_id: UUID, found: Sequence[Warned], *, today: date) -> None:
    VerificationWarning.objects.bulk_create(
        (
            VerificationWarning(user_id=user_id, meter=one.meter, due_on=one.due_on, days=one.days, told_on=today)
            for one in found
        ),
        update_conflicts=True,
        unique_fields=["meter", "user", "due_on"],
        update_fields=["days", "told_on"],
    )
