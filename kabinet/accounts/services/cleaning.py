"""What has run out is forgotten."""

from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q

from kabinet.accounts.models import KeptInput, OneTimeSecret, Session, StaffSession
from kabinet.accounts.rules.sessions import IDLE
from kabinet.infra.db import use_case

# An ended session still tells whose typed input it was.
GRACE: Final = timedelta(days=7)


@use_case
def forget_expired(*, at: datetime) -> None:
    """Delete sessions, codes and kept input that nobody can use any more."""
    Session.objects.filter(Q(expires_at__lt=at - GRACE) | Q(seen_at__lt=at - IDLE - GRACE)).delete()
    StaffSession.objects.filter(expires_at__lt=at).delete()
    OneTimeSecret.objects.filter(expires_at__lt=at - GRACE).delete()
    KeptInput.objects.filter(expires_at__lt=at).delete()
