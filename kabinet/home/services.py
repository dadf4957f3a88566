"""«Удалить аккаунт»: every room below lets go of the person, in one transaction (PROF-04, I23, I32)."""

from datetime import datetime

from kabinet.accounts import services as accounts
from kabinet.accounts.models import Session
from kabinet.accounts.services import tries
from kabinet.contracts.services import enrolling, linking
from kabinet.infra import audit, limits
from kabinet.infra.db import use_case
from kabinet.kernel.actors import Actor
from kabinet.readings.services import erasing as readings
from kabinet.tickets import services as tickets


def close_account(password: str, *, session: Session, by: Actor, at: datetime, technical_at: datetime) -> None:
    """Close the person's account at the provider; readings sent and payments stay with the contract."""
    limits.spend(tries.PASSWORD_CHANGES, str(session.user_id))
    _close(password, session=session, by=by, at=at, technical_at=technical_at)


@use_case
def _close(password: str, *, session: Session, by: Actor, at: datetime, technical_at: datetime) -> None:
    enrollment = accounts.hold_for_closing(session, password)
    provider_id = enrollment.provider_id
    links = linking.unlink_all(session.user_id, provider_id=provider_id, by=by, at=at)
    drafts = readings.forget_drafts(session.user_id, provider_id=provider_id)
    files = readings.forget_files(session.user_id, provider_id=provider_id)
    email = enrollment.user.email if enrollment.user.email_confirmed_at else None
    is_erased = accounts.close_part(enrollment, at=technical_at)
    asked = tickets.forget_author(session.user_id, at=at, provider_id=None if is_erased else provider_id)
    if is_erased and email:
        enrolling.forget_address(email)
        asked += tickets.forget_address(email, at=at)
    after = {"links": links, "drafts": drafts, "files": files, "tickets": asked, "erased": is_erased}
    audit.record("accounts.closed", enrollment, before=None, after=after, by=by)
