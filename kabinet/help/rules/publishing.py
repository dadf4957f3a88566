"""Who may change what a provider publishes."""

from uuid import UUID

from kabinet.kernel.actors import Actor, ActorKind


def may_publish(by: Actor, *, provider_id: UUID) -> bool:
    """Say whether the actor works for the provider: a specialist of its office, or a job that fills it."""
    return by.kind in {ActorKind.STAFF, ActorKind.JOB} and by.provider_id == provider_id
