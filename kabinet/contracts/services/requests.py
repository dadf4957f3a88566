"""«Добавить договор»: typed by a person, confirmed by a mailbox that the contract names (CON-02).

Asking never looks at billing's data: a job does, and writes a letter or writes none. So the answer and its time are the
same in every case, and what waits in the list tells nothing either.
"""

import logging
import secrets
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from kabinet.accounts.models import User
from kabinet.accounts.selectors import key_of
from kabinet.accounts.services import parts, tries
from kabinet.contracts import letters
from kabinet.contracts.models import Contract, LinkRequest, Membership
from kabinet.contracts.services.guessing import limit_of_address, limit_of_user
from kabinet.contracts.services.linking import LinkRefused, join
from kabinet.contracts.values import LinkByEmail, LinkProblem
from kabinet.infra import audit, jobs, limits, mail
from kabinet.infra.db import step, use_case
from kabinet.infra.limits import Limit, LimitReached
from kabinet.kernel.actors import Actor
from kabinet.providers import values as policy

log = logging.getLogger(__name__)

CONFIRM_WITHIN: Final = timedelta(hours=24)
# A stranger who guesses cannot lock a mailbox out of its own contract: its letters only come later (TRUST 6).
LETTERS_OF_PAIR: Final = Limit("link_letters_of_pair", 20, timedelta(hours=1))


class RequestGone(Exception):
    """Raised when the link was used, replaced by a newer one, refused or late: which of them is nobody's business."""


def add(wanted: LinkByEmail, *, address: str, allowed: policy.Limits, by: Actor, at: datetime) -> LinkRequest:
    """Let the pair wait for its mailbox; those that no mailbox has confirmed are limited."""
    of_user, of_address = limit_of_user(allowed), limit_of_address(allowed)
    limits.spend(of_user, f"{by.provider} {by.person}")
    try:
        tries.spend_address(of_address, address)
        return _add(wanted, by=by, at=at)
    except (LinkRefused, LimitReached):
        limits.give_back(of_user, f"{by.provider} {by.person}")
        raise


@use_case
def _add(wanted: LinkByEmail, *, by: Actor, at: datetime) -> LinkRequest:
    user = parts.hold(by.person, provider_id=by.provider).user
    if user.email_confirmed_at is None:
        raise LinkRefused(LinkProblem.EMAIL_UNCONFIRMED)
    own = Membership.objects.live(at).filter(user=user, contract__provider_id=by.provider)
    if own.filter(contract__number_key=wanted.number).exists():
        raise LinkRefused(LinkProblem.ALREADY_LINKED)
    same = LinkRequest.objects.filter(
        user=user, provider_id=by.provider, number=wanted.number, email=wanted.email
    ).select_for_update()
    if any(known.expires_at > at for known in same):
        raise LinkRefused(LinkProblem.ALREADY_WAITING)
    same.delete()
    request = LinkRequest.objects.create(
        user=user,
        provider_id=by.provider,
        number=wanted.number,
        email=wanted.email,
        asked_at=at,
        expires_at=at + CONFIRM_WITHIN,
    )
    audit.record("contracts.link_asked", request, before=None, after=None, by=by)
    _ask_for_letter(request)
    return request


def write_again(request: LinkRequest, *, allowed: policy.Limits, by: Actor, at: datetime) -> None:
    """Ask for the letter once more; the link before holds no longer once it is written."""
    hourly = Limit("link_letters_an_hour", allowed.letters_per_address_an_hour, timedelta(hours=1))
    for limit in (tries.LETTER_A_MINUTE, hourly):
        limits.spend(limit, f"link {request.pk}")
    _write_again(request, by=by, at=at)


@use_case
def _write_again(request: LinkRequest, *, by: Actor, at: datetime) -> None:
    held = _held(request, by=by, at=at)
    held.letters_asked += 1
    held.save(update_fields=["letters_asked"])
    audit.record("contracts.link_letter_asked", held, before=None, after=held.letters_asked, by=by)
    _ask_for_letter(held)


@use_case
def cancel(request: LinkRequest, *, by: Actor, at: datetime) -> None:
    """Take back what was typed."""
    held = _held(request, by=by, at=at)
    audit.record("contracts.link_cancelled", held, before=None, after=None, by=by)
    held.delete()


@step
def _held(request: LinkRequest, *, by: Actor, at: datetime) -> LinkRequest:
    held = LinkRequest.objects.waiting(at).filter(pk=request.pk, user_id=by.person).select_for_update().first()
    if held is None:
        raise RequestGone
    return held


@step
def _ask_for_letter(request: LinkRequest) -> None:
    """Leave it to a job; it carries an id and a number, for neither contracts nor addresses belong into queues."""
    jobs.enqueue("contracts.write_link_letter", request=str(request.pk), letter=request.letters_asked)


def write_letter(request_id: UUID, *, letter: int, at: datetime) -> None:
    """Write to the mailbox if billing knows the pair; too many letters of a pair wait, and somebody looks."""
    request = LinkRequest.objects.filter(pk=request_id).first()
    if request is None:
        return
    try:
        limits.spend(LETTERS_OF_PAIR, f"{request.provider_id} {request.number} {request.email}")
    except LimitReached as reached:
        log.warning("letters of a contract slowed down", extra={"link_request": str(request_id)})
        jobs.enqueue("contracts.write_link_letter", at=reached.until, request=str(request_id), letter=letter)
        return
    _write_letter(request_id, letter=letter, at=at)


@use_case
def _write_letter(request_id: UUID, *, letter: int, at: datetime) -> None:
    """Write the letter once; a job that comes again, or after the answer, finds nothing to do."""
    waiting = LinkRequest.objects.waiting(at).filter(pk=request_id, denied_at=None, letters_written__lt=letter)
    request = waiting.select_for_update(of=("self",)).select_related("provider", "user").first()
    contract = _contract_of(request, at=at) if request else None
    if request is None or contract is None:
        return
    token = secrets.token_urlsafe(32)
    request.contract, request.secret_hash, request.letters_written = contract, key_of(token), letter
    request.save(update_fields=["contract", "secret_hash", "letters_written"])
    mail.post(letters.confirm_link(request, token=token))


def _contract_of(request: LinkRequest, *, at: datetime) -> Contract | None:
    """Return the one contract that the pair names; a number that several share is as good as unknown."""
    today = at.astimezone(request.provider.zone).date()
    found = Contract.objects.current(today).filter(
        provider_id=request.provider_id, number_key=request.number, emails__contains=[request.email]
    )[:2]
    return found[0] if len(found) == 1 else None


def confirm(token: str, *, provider_id: UUID, allowed: policy.Limits, by: Actor, at: datetime) -> Contract:
    """Link the contract for who asked; the link of the letter opens once."""
    membership = _confirm(token, provider_id=provider_id, by=by, at=at)
    limits.give_back(limit_of_user(allowed), f"{provider_id} {membership.user_id}")
    return membership.contract


@use_case
def _confirm(token: str, *, provider_id: UUID, by: Actor, at: datetime) -> Membership:
    user = _hold_who_asked(token, provider_id=provider_id)
    request = _opened(token, provider_id=provider_id, at=at)
    contract = _contract_of(request, at=at)
    if contract is None or contract.pk != request.contract_id:
        raise RequestGone
    # Other addresses may have been tried for this number: it is linked now.
    LinkRequest.objects.filter(user=user, provider_id=provider_id, number=request.number).delete()
    return join(user, contract, by=by, at=at)


@step
def _hold_who_asked(token: str, *, provider_id: UUID) -> User:
    """Hold the person before the request, as whoever adds does."""
    asked = LinkRequest.objects.filter(provider_id=provider_id, secret_hash=key_of(token)).first()
    try:
        if asked is None:
            raise RequestGone
        return parts.hold(asked.user_id, provider_id=provider_id).user
    except parts.PartClosed:
        raise RequestGone from None


@use_case
def deny(token: str, *, provider_id: UUID, by: Actor, at: datetime) -> None:
    """«Это не мы»: the request opens nothing any more; who asked is not told."""
    request = _opened(token, provider_id=provider_id, at=at)
    request.denied_at, request.secret_hash = at, ""
    request.save(update_fields=["denied_at", "secret_hash"])
    audit.record("contracts.link_denied", request, before=None, after=None, by=by, contract_id=request.contract_id)


@step
def _opened(token: str, *, provider_id: UUID, at: datetime) -> LinkRequest:
    waiting = LinkRequest.objects.waiting(at).filter(provider_id=provider_id, secret_hash=key_of(token))
    request = waiting.select_for_update(of=("self",)).select_related("provider").first()
    if request is None:
        raise RequestGone
    return request


@use_case
def remove_late(*, by: Actor, at: datetime) -> int:
    """Remove what nobody has confirmed in its time; return how many there were."""
    late = LinkRequest.objects.filter(expires_at__lte=at).select_for_update(skip_locked=True).order_by("pk")[:1000]
    for request in late:
        # The job works for all providers, and each reads its own history.
        own = replace(by, provider_id=request.provider_id)
        audit.record("contracts.link_expired", request, before=None, after=None, by=own)
        request.delete()
    return len(late)
