"""Letters about acts: which template, which facts; the link leads to the provider's own portal."""

from kabinet.accounts.letters import link_to, portal_address
from kabinet.accounts.models import User
from kabinet.billing.models import ReconciliationAct
from kabinet.infra.mail import Letter


def act_answered(act: ReconciliationAct, user: User, *, template: str) -> Letter:
    """Tell that the act is ready (`act_ready`, or `act_attached` with its file), or refused (`act_refused`)."""
    provider = act.contract.provider
    return Letter(
        template=f"billing/{template}",
        to=user.email or "",
        language=user.language,
        facts={
            "provider": provider,
            "portal": portal_address(provider),
            "contract": act.contract,
            "act": act,
            "page": link_to(provider, "billing:acts"),
        },
    )
