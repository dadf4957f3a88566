"""Policies follow one another: a version is never edited, only ended by the next (SITE-02)."""

from datetime import datetime
from enum import StrEnum

from kabinet.infra import audit
from kabinet.infra.db import step
from kabinet.kernel.actors import Actor
from kabinet.providers.models import PolicyVersion, Provider
from kabinet.providers.values import Policy


class PolicyProblem(StrEnum):
    """Why a version cannot begin then."""

    IN_THE_PAST = "in_the_past"
    ANOTHER_FOLLOWS = "another_follows"


class PolicyRefused(Exception):
    """Raised when the version cannot begin then; says why."""

    def __init__(self, problem: PolicyProblem) -> None:
        super().__init__(problem)
        self.problem = problem


@step
def put_policy(policy: Policy, *, provider: Provider, starts_at: datetime, by: Actor, at: datetime) -> PolicyVersion:
    """Let a policy hold from a moment on; one that is to begin later stands in the way of any other."""
    Provider.objects.select_for_update(no_key=True).get(pk=provider.pk)
    last = PolicyVersion.objects.select_for_update().filter(provider=provider).order_by("-version").first()
    if starts_at < at:
        raise PolicyRefused(PolicyProblem.IN_THE_PAST)
    if last and last.valid_from >= at:
        raise PolicyRefused(PolicyProblem.ANOTHER_FOLLOWS)
    if last:
        last.valid_to = starts_at
        last.save(update_fields=["valid_to"])
    version = PolicyVersion.objects.create(
        provider=provider,
        version=last.version + 1 if last else 1,
        body=policy.model_dump(mode="json"),
        valid_from=starts_at,
    )
    after = {"version": version.version, "from": starts_at.isoformat()}
    audit.record(
        "providers.policy_set", version, before={"version": last.version} if last else None, after=after, by=by
    )
    return version
