"""Sign-up by account: what a person says is compared with billing's data, and a letter's link does the rest (REG-03).

Nothing of the person becomes a user before the mailbox has answered: whoever types a stranger's address takes neither
it nor the account's number from anybody.
"""

import secrets
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.contrib.auth.hashers import make_password

from kabinet.accounts import selectors as accounts
from kabinet.accounts.models import Enrollment, LoginName, User
from kabinet.accounts.rules import agreements
from kabinet.accounts.rules.passwords import normal_password
from kabinet.accounts.selectors import key_of
from kabinet.accounts.services import ConsentMissing, SignUpClosed, consents, links, tries
from kabinet.accounts.services.links import LinkGone
from kabinet.accounts.values import Category, Mode, Place
from kabinet.contracts import letters
from kabinet.contracts.models import Contract, SignUpRequest
from kabinet.contracts.services.claims import account_of, contract_of
from kabinet.contracts.services.guessing import one_guess
from kabinet.contracts.services.linking import join
from kabinet.contracts.values import AccountNewcomer
from kabinet.infra import audit, jobs, mail
from kabinet.infra.db import step, use_case
from kabinet.kernel.actors import Actor
from kabinet.providers.models import Provider
from kabinet.providers.selectors import OpenProvider

__all__ = ["ConsentMissing", "LinkGone", "SignUpClosed", "ask", "choose_password", "remove_late", "write_letter"]

# Letters are counted apart from those of recovery: neither waits for the other.
SIGN_UP_LETTERS: Final = "sign_up_by_account"


def ask(
    newcomer: AccountNewcomer,
    *,
    provider: OpenProvider,
    place: Place,
    language: str,
    by: Actor,
    at: datetime,
    today: date,
) -> None:
    """Let a right claim wait for its mailbox, whether or not the address has a user: only the letter tells."""
    allowed = provider.policy.limits
    tries.spend_address(tries.SIGN_UPS, place.address)
    account = account_of(newcomer.claim, provider_id=provider.row.pk)
    with one_guess(address=place.address, account=account, allowed=allowed):
        contract = _find(newcomer, provider_id=provider.row.pk, today=today)
    # The second click within a minute is the first one again.
    if tries.is_letter_due(newcomer.email, SIGN_UP_LETTERS, allowed=allowed):
        lives = timedelta(hours=provider.policy.letter_link_hours)
        _let_wait(newcomer, contract, place=place, language=language, lives=lives, by=by, at=at)


@use_case
def _find(newcomer: AccountNewcomer, *, provider_id: UUID, today: date) -> Contract:
    current = accounts.current_agreements(provider_id)
    if not agreements.is_open_for_sign_up({kind: agreement.pk for kind, agreement in current.items()}):
        raise SignUpClosed
    consents.require_all(current, accepted=newcomer.accepted)
    return contract_of(newcomer.claim, provider_id=provider_id, today=today)


@use_case
def _let_wait(
    newcomer: AccountNewcomer,
    contract: Contract,
    *,
    place: Place,
    language: str,
    lives: timedelta,
    by: Actor,
    at: datetime,
) -> None:
    """Keep what was typed, in place of what waited for the same mailbox before, and leave the letter to a job."""
    claim = newcomer.claim
    SignUpRequest.objects.filter(contract=contract, email=newcomer.email).delete()
    request = SignUpRequest.objects.create(
        provider_id=contract.provider_id,
        contract=contract,
        mode=claim.mode,
        login=claim.login,
        email=newcomer.email,
        last_name=claim.name.last,
        first_name=claim.name.first,
        middle_name=claim.name.middle,
        phone=newcomer.phone,
        organisation=newcomer.organisation,
        language=language,
        accepted=list(newcomer.accepted),
        address=place.address[:45],
        agent=place.agent[:300],
        asked_at=at,
        expires_at=at + lives,
    )
    audit.record("contracts.sign_up_asked", request, before=None, after=None, by=by, contract_id=contract.pk)
    jobs.enqueue("contracts.write_sign_up_letter", request=str(request.pk))


@use_case
def write_letter(request_id: UUID, *, at: datetime, technical_at: datetime) -> None:
    """Write the link; whoever has a user already reads of it, and how to link the account after the sign-in."""
    waiting = SignUpRequest.objects.waiting(at).filter(pk=request_id, secret_hash="")
    request = waiting.select_for_update(of=("self",)).select_related("provider", "contract").first()
    if request is None:
        return
    user = User.objects.with_email(request.email).select_for_update(no_key=True).first()
    if user is not None:
        token = links.make_link(user, provider=request.provider, lives=request.lives, at=technical_at)
        mail.post(letters.registered_before(request, user, token=token))
        request.delete()
        return
    token = secrets.token_urlsafe(32)
    request.secret_hash = key_of(token)
    request.save(update_fields=["secret_hash"])
    is_taken = LoginName.objects.filter(provider=request.provider, value=request.login).exists()
    mail.post(letters.sign_up_link(request, token=token, is_login_taken=is_taken))


def choose_password(
    token: str, password: str, *, provider: Provider, by: Actor, at: datetime, technical_at: datetime
) -> Contract:
    """Make the person's user with this password and link the account; the letter's link works once."""
    hashed = make_password(normal_password(password))
    return _enroll(token, hashed, provider=provider, by=by, at=at, technical_at=technical_at)


@use_case
def _enroll(
    token: str, hashed: str, *, provider: Provider, by: Actor, at: datetime, technical_at: datetime
) -> Contract:
    opened = SignUpRequest.objects.waiting(at).filter(provider=provider, secret_hash=key_of(token))
    request = opened.select_for_update(of=("self",)).select_related("contract").first()
    if request is None:
        raise LinkGone
    user = _user_of(request, hashed, at=technical_at)
    _take_part(user, request, by=by, at=technical_at)
    links.give_account_name(user, request.login, provider=provider, by=by)
    contract = request.contract
    request.delete()
    join(user, contract, by=by, at=at)
    return contract


@step
def _user_of(request: SignUpRequest, hashed: str, *, at: datetime) -> User:
    """Insert the user; an address that has got one meanwhile is as good as a link that is over."""
    coming = User(
        email=request.email,
        email_confirmed_at=at,
        password=hashed,
        last_name=request.last_name,
        first_name=request.first_name,
        middle_name=request.middle_name,
        phone=request.phone,
        language=request.language,
        joined_at=at,
    )
    User.objects.bulk_create([coming], ignore_conflicts=True)
    user = User.objects.filter(pk=coming.pk).select_for_update(no_key=True).first()
    if user is None:
        raise LinkGone
    return user


@step
def _take_part(user: User, request: SignUpRequest, *, by: Actor, at: datetime) -> None:
    """Let the person take part, with the consents of the form, from where it was sent."""
    is_person = request.mode == Mode.PERSON
    part = Enrollment.objects.create(
        user=user,
        provider_id=request.provider_id,
        category=Category.PERSON if is_person else Category.LEGAL,
        organisation=request.organisation,
        joined_at=at,
    )
    place = Place(address=request.address, agent=request.agent)
    current = accounts.current_agreements(request.provider_id)
    consents.give(part, current, accepted=request.accepted, place=place, by=by, at=at)
    audit.record("accounts.signed_up", user, before=None, after=str(part.pk), by=by)


@step
def forget_address(email: str) -> None:
    """Forget the sign-ups that wait for a mailbox whose owner has just been erased."""
    SignUpRequest.objects.filter(email__iexact=email).delete()


@use_case
def remove_late(*, at: datetime) -> int:
    """Forget what no mailbox has answered in its time; return how many there were."""
    late = SignUpRequest.objects.filter(expires_at__lte=at).select_for_update(skip_locked=True).order_by("pk")[:1000]
    ids = [request.pk for request in late]
    return SignUpRequest.objects.filter(pk__in=ids).delete()[0]
