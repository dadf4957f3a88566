"""Letters about contracts and roles; links lead to the provider's own portal."""

from dataclasses import replace

from kabinet.accounts.letters import link_to, portal_address
from kabinet.accounts.models import User
from kabinet.accounts.rules.first_passwords import LIVES
from kabinet.contracts.models import LinkRequest, Membership, SignUpRequest
from kabinet.contracts.rules.roles import last_day
from kabinet.infra.mail import Letter
from kabinet.kernel.formats import format_instant


def confirm_link(request: LinkRequest, *, token: str) -> Letter:
    """Ask the mailbox of a contract whether it knows the person who adds it."""
    user, provider = request.user, request.provider
    return Letter(
        template="contracts/confirm_link",
        to=request.email,
        language=user.language,
        facts={
            "provider": provider,
            "portal": portal_address(provider),
            "contract": request.contract,
            "person": user,
            "page": link_to(provider, "contracts:confirm", token),
            "until": format_instant(request.expires_at, provider.zone, user.language),
        },
    )


def sign_up_link(request: SignUpRequest, *, token: str, is_login_taken: bool) -> Letter:
    """Ask the mailbox whether it was its person who signed up; a second person of an account reads how he signs in."""
    page = link_to(request.provider, "contracts:sign_up_password", token)
    return _of_sign_up("sign_up_link", request, page=page, is_login_taken=is_login_taken)


def registered_before(request: SignUpRequest, user: User, *, token: str) -> Letter:
    """Tell who has a user already to sign in with it, and to link the account then (REG-05)."""
    provider = request.provider
    letter = _of_sign_up(
        "registered_before",
        request,
        sign_in=link_to(provider, "accounts:sign_in"),
        linking=link_to(provider, "contracts:link_account"),
        page=link_to(provider, "accounts:recover_link", token),
    )
    return replace(letter, language=user.language)


def _of_sign_up(template: str, request: SignUpRequest, **facts: object) -> Letter:
    """Name the account by its number alone: it was typed by who asked, the rest was not."""
    return Letter(
        template=f"contracts/{template}",
        to=request.email,
        language=request.language,
        facts={
            "provider": request.provider,
            "portal": portal_address(request.provider),
            "number": request.contract.number,
            "email": request.email,
            "hours": int(request.lives.total_seconds()) // 3600,
            **facts,
        },
    )


def account_linked(holder: Membership, *, linked: Membership) -> Letter:
    """Tell who holds a contract already that somebody has linked it too (TRUST 6)."""
    feedback = link_to(linked.contract.provider, "tickets:feedback")
    return _letter("account_linked", holder, person=linked.user.email or "", feedback=feedback)


def role_given(membership: Membership, *, password: str) -> Letter:
    """Tell of a role; who is not here yet reads in it how to come, and by which one-time password."""
    return _letter(
        "role_given",
        membership,
        password=password,
        days=LIVES.days,
        sign_in=link_to(membership.contract.provider, "accounts:sign_in"),
    )


def role_taken(membership: Membership) -> Letter:
    return _letter("role_taken", membership)


def contract_linked(administrator: Membership, *, linked: Membership) -> Letter:
    """Tell the Администратор who has linked the contract; he may take that role away (ROLE-01)."""
    people = link_to(linked.contract.provider, "contracts:people", linked.contract_id)
    return _letter("contract_linked", administrator, person=linked.user.email or "", people=people)


def _letter(template: str, membership: Membership, **facts: object) -> Letter:
    """Name the contract and the role; the address may be a stranger's, so nothing else of the contract is told."""
    contract, user = membership.contract, membership.user
    return Letter(
        template=f"contracts/{template}",
        to=user.email or "",
        language=user.language,
        facts={
            "provider": contract.provider,
            "portal": portal_address(contract.provider),
            "contract": contract,
            "role": membership.role,
            "until": last_day(membership.expires_at, contract.provider.zone),
            "login": user.email,
            **facts,
        },
    )
