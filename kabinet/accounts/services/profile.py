"""What a person changes of himself: names, phone, letters (PROF-01, NOTE-04)."""

from datetime import datetime
from typing import Final

from kabinet.accounts import selectors
from kabinet.accounts.models import Enrollment, Session
from kabinet.accounts.rules import profile as rules
from kabinet.accounts.services import consents, parts
from kabinet.accounts.values import PersonalData, Place, Preferences
from kabinet.infra import audit
from kabinet.infra.db import step, use_case
from kabinet.kernel.actors import Actor

_OF_PERSON: Final = ("last_name", "first_name", "middle_name")
_OF_PART: Final = ("organisation", "position", "address")


class ChangedMeanwhile(Exception):
    """Raised when the data are no longer those that the page had shown; carries what stands now."""

    def __init__(self, current: PersonalData) -> None:
        super().__init__("changed in another tab")
        self.current = current


def personal_data_of(enrollment: Enrollment) -> PersonalData:
    """Return what the provider is told of the person."""
    user = enrollment.user
    return PersonalData(
        last_name=user.last_name,
        first_name=user.first_name,
        middle_name=user.middle_name,
        organisation=enrollment.organisation,
        position=enrollment.position,
        address=enrollment.address,
    )


@use_case
def edit_profile(wanted: PersonalData, *, shown: str, session: Session, by: Actor) -> None:
    """Write what was changed; `shown` is the mark of what the page had shown."""
    enrollment = parts.hold(session.user_id, provider_id=session.provider_id)
    current = personal_data_of(enrollment)
    if current == wanted:
        return
    if rules.mark_of(current) != shown:
        raise ChangedMeanwhile(current)
    _write(enrollment, wanted, changed=rules.changed_fields(current, wanted), by=by)


@step
def _write(enrollment: Enrollment, wanted: PersonalData, *, changed: list[str], by: Actor) -> None:
    for row, own in ((enrollment.user, _OF_PERSON), (enrollment, _OF_PART)):
        fields = [name for name in changed if name in own]
        for name in fields:
            setattr(row, name, getattr(wanted, name))
        if fields:
            row.save(update_fields=fields)
    audit.record("accounts.profile_edited", enrollment.user, before=None, after={"fields": changed}, by=by)


@use_case
def change_phone(phone: str, *, session: Session, by: Actor) -> None:
    """Put another number in place; `phone` is spelled as `kernel.phones` spells it."""
    user = parts.hold(session.user_id, provider_id=session.provider_id).user
    if user.phone == phone:
        return
    user.phone = phone
    user.save(update_fields=["phone"])
    audit.record("accounts.phone_changed", user, before=None, after=None, by=by)


@use_case
def choose_letters(wanted: Preferences, *, session: Session, place: Place, by: Actor, at: datetime) -> None:
    """Keep the switch of copies by letter; give or withdraw the consent to advertising."""
    enrollment = parts.hold(session.user_id, provider_id=session.provider_id)
    _switch(enrollment, wants_letters=wanted.wants_letters, by=by)
    consents.withdraw_advertising(enrollment, keep=wanted.advertising, by=by, at=at)
    if wanted.advertising - selectors.accepted_by(enrollment):
        offered = selectors.advertising_offered(session.provider_id)
        consents.give(enrollment, offered, accepted=wanted.advertising, place=place, by=by, at=at)


@step
def _switch(enrollment: Enrollment, *, wants_letters: bool, by: Actor) -> None:
    before = enrollment.wants_letters
    if before == wants_letters:
        return
    enrollment.wants_letters = wants_letters
    enrollment.save(update_fields=["wants_letters"])
    audit.record("accounts.letters_chosen", enrollment, before=before, after=wants_letters, by=by)
