"""Letters about contracts and roles; links lead to the provider's own portal."""

from kabinet.accounts.letters import link_to, portal_address
from kabinet.accounts.rules.first_passwords import LIVES
from kabinet.contracts.models import LinkRequest, Membership
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
