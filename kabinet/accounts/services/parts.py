"""The part that a person takes at a provider, held while something of it is changed."""

from uuid import UUID

from kabinet.accounts.models import Enrollment, User
from kabinet.infra.db import step


class PartClosed(Exception):
    """Raised when the account was closed while its page was still open somewhere."""


@step
def hold(user_id: UUID, *, provider_id: UUID) -> Enrollment:
    """Return the person's part at the provider with the person, both held: closing waits, or has won."""
    user = User.objects.select_for_update(no_key=True).get(pk=user_id)
    found = Enrollment.objects.filter(user=user, provider_id=provider_id, closed_at=None)
    enrollment = found.select_for_update(no_key=True).first()
    if enrollment is None:
        raise PartClosed
    enrollment.user = user
    return enrollment
