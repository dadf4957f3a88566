"""What the office keeps of its own: which cards are open on which desk."""

from django.db import models

from kabinet.accounts.models import StaffSession
from kabinet.infra import ids
from kabinet.staff.values import CardKind


class CardVisit(models.Model):
    """A card that a specialist has opened, and why; it closes by itself, and with the session."""

    id = models.UUIDField(primary_key=True, default=ids.new)
    session = models.ForeignKey(StaffSession, on_delete=models.CASCADE)
    kind = models.CharField(max_length=10, choices=[(code, code) for code in CardKind])
    subject_id = models.UUIDField()
    reason = models.CharField(max_length=80)
    opened_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "kind", "subject_id"], name="card_open_once")]
