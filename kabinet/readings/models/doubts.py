"""Doubtful readings that the office looks at, and what customers say of their meters (READ-07, READ-09)."""

from django.db import models
from django.db.models import Q

from kabinet.contracts.models import Contract, Meter, Register
from kabinet.infra import ids
from kabinet.infra.models import StoredFile
from kabinet.readings.values.household import ClaimKind, DoubtState


class DoubtfulReading(models.Model):
    """A reading that went although it was unusual, with what its sender added; the office looks at it, once.

    It names its submission without a foreign key: nothing points at heavy tables. `ticket` is written from above.
    """

    id = models.UUIDField(primary_key=True, default=ids.new)
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT)
    register = models.ForeignKey(Register, on_delete=models.PROTECT)
    submission_id = models.UUIDField()
    month = models.DateField()
    codes = models.JSONField()
    comment = models.CharField(max_length=500, blank=True)
    photo = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    made_by = models.UUIDField(null=True)
    state = models.CharField(max_length=10, choices=[(code, code) for code in DoubtState], default=DoubtState.NEW)
    state_at = models.DateTimeField()
    looked_by = models.UUIDField(null=True)
    ticket = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["submission_id"], name="one_doubt_a_submission"),
            models.CheckConstraint(condition=Q(month__day=1), name="doubt_month_is_a_month"),
            models.CheckConstraint(
                condition=Q(state=DoubtState.NEW, looked_by=None) | ~Q(state=DoubtState.NEW) & ~Q(looked_by=None),
                name="doubt_was_looked_at_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state=DoubtState.ASKED) | ~Q(ticket=""), name="asked_doubt_has_a_ticket"
            ),
        ]
        indexes = [models.Index(fields=["made_at"], condition=Q(state=DoubtState.NEW), name="doubt_waiting")]


class MeterClaim(models.Model):
    """That a meter is another one than billing has it: its type, or which of its numbers counts which zone."""

    id = models.UUIDField(primary_key=True, default=ids.new)
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT)
    meter = models.ForeignKey(Meter, on_delete=models.PROTECT)
    month = models.DateField()
    kind = models.CharField(max_length=16, choices=[(code, code) for code in ClaimKind])
    tariffs = models.PositiveSmallIntegerField()
    numbers = models.JSONField()
    values = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    made_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(month__day=1), name="claim_month_is_a_month"),
            models.CheckConstraint(condition=Q(tariffs__range=(1, 3)), name="claim_has_one_to_three_tariffs"),
        ]
        indexes = [models.Index(fields=["meter", "-made_at"], name="claim_of_meter")]
