"""What was typed, sent and accepted: three things, three tables (DESIGN, «The facts»).

Submissions, readings and volumes are heavy: their keys begin with the contract, nothing points at them, no triggers.
"""

from django.db import models
from django.db.models import Q

from kabinet.accounts.models import User
from kabinet.contracts.models import Contract, Meter, Register, SupplyPoint
from kabinet.infra import ids
from kabinet.kernel.periods import Month
from kabinet.providers.models import Provider
from kabinet.readings.rules.verification import DAYS_BEFORE
from kabinet.readings.values import Extension, ReminderKind


class SubmissionState(models.TextChoices):
    """Sent → passed (billing has it) → taken or refused; a correction supersedes, taking back withdraws."""

    SENT = "sent"
    PASSED = "passed"
    TAKEN = "taken"
    REFUSED = "refused"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


EFFECTIVE = (SubmissionState.SENT, SubmissionState.PASSED, SubmissionState.TAKEN)


class ReadingSource(models.TextChoices):
    """Where an accepted measurement comes from."""

    CUSTOMER = "customer"
    INSPECTOR = "inspector"
    AMI = "ami"
    INITIAL = "initial"
    FINAL = "final"
    ESTIMATE = "estimate"


class Draft(models.Model):
    """What was typed and kept, shared by the contract's people, overwritten freely."""

    id = models.UUIDField(primary_key=True, default=ids.new)
    contract = models.ForeignKey(Contract, on_delete=models.CASCADE)
    register = models.ForeignKey(Register, on_delete=models.CASCADE)
    month = models.DateField()
    raw = models.CharField(max_length=40)
    saved_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["register", "month"], name="one_draft_a_register")]


class Submission(models.Model):
    """What the customer sent. Fact columns never change; the application may update the state columns alone."""

    pk = models.CompositePrimaryKey("contract_id", "id")
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, db_index=False, db_constraint=False)
    id = models.UUIDField(default=ids.new)
    provider_id = models.UUIDField()
    register = models.ForeignKey(Register, on_delete=models.PROTECT, db_index=False, db_constraint=False)
    month = models.DateField()
    raw = models.CharField(max_length=40)
    value = models.DecimalField(max_digits=16, decimal_places=4)
    previous = models.DecimalField(max_digits=16, decimal_places=4, null=True)
    rolls_over = models.BooleanField(default=False)
    taken_on = models.DateField()
    sent_at = models.DateTimeField()
    actor_kind = models.CharField(max_length=12)
    actor_id = models.UUIDField(null=True)
    channel = models.CharField(max_length=20)
    key = models.CharField(max_length=80)
    corrects = models.UUIDField(null=True)
    confirmed = models.JSONField(default=list)
    remarks = models.JSONField(default=list)

    state = models.CharField(max_length=10, choices=SubmissionState.choices, default=SubmissionState.SENT)
    state_at = models.DateTimeField()
    reason_code = models.CharField(max_length=40, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    billed_in = models.DateField(null=True)

    FACTS = (
        "contract", "id", "provider_id", "register", "month", "raw", "value", "previous", "rolls_over", "taken_on",
        "sent_at", "actor_kind", "actor_id", "channel", "key", "corrects", "confirmed", "remarks",
    )  # fmt: skip

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "register", "month"],
                condition=Q(state__in=EFFECTIVE),
                name="one_effective_submission",
            ),
            models.UniqueConstraint(fields=["contract", "key", "register"], name="submission_key_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="submission_month_is_a_month"),
            models.CheckConstraint(condition=Q(value__gte=0), name="submission_is_not_negative"),
        ]
        indexes = [models.Index(fields=["contract", "register", "-sent_at"], name="submission_of_register")]


class Reading(models.Model):
    """The accepted measurement; written by billing's import alone."""

    pk = models.CompositePrimaryKey("contract_id", "id")
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, db_index=False, db_constraint=False)
    id = models.UUIDField(default=ids.new)
    provider_id = models.UUIDField()
    register = models.ForeignKey(Register, on_delete=models.PROTECT, db_index=False, db_constraint=False)
    source_system = models.CharField(max_length=20)
    external_id = models.CharField(max_length=64)
    version = models.BigIntegerField()
    month = models.DateField()
    taken_on = models.DateField()
    value = models.DecimalField(max_digits=16, decimal_places=4)
    source = models.CharField(max_length=10, choices=ReadingSource.choices)
    quality = models.CharField(max_length=10, blank=True)
    submission_id = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "source_system", "external_id"], name="reading_external_id_once"
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="reading_month_is_a_month"),
        ]
        indexes = [
            # All that pages ask of a reading: the rows themselves lie far apart, a month each, and are never looked at.
            models.Index(
                fields=["contract", "register", "-taken_on"],
                include=["value", "source", "month", "submission_id"],
                name="reading_newest",
            )
        ]


class VolumeDraft(models.Model):
    """A volume that was typed and kept, shared by the contract's people."""

    id = models.UUIDField(primary_key=True, default=ids.new)
    contract = models.ForeignKey(Contract, on_delete=models.CASCADE)
    point = models.ForeignKey(SupplyPoint, on_delete=models.CASCADE)
    month = models.DateField()
    raw = models.CharField(max_length=40)
    saved_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["point", "month"], name="one_volume_draft_a_point")]


class SewageVolume(models.Model):
    """A volume of hot water into the drains as the customer sent it; the same states as a submission (READ-04)."""

    pk = models.CompositePrimaryKey("contract_id", "id")
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, db_index=False, db_constraint=False)
    id = models.UUIDField(default=ids.new)
    provider_id = models.UUIDField()
    point = models.ForeignKey(SupplyPoint, on_delete=models.PROTECT, db_index=False, db_constraint=False)
    month = models.DateField()
    raw = models.CharField(max_length=40)
    value = models.DecimalField(max_digits=16, decimal_places=4)
    previous = models.DecimalField(max_digits=16, decimal_places=4, null=True)
    taken_on = models.DateField()
    sent_at = models.DateTimeField()
    actor_kind = models.CharField(max_length=12)
    actor_id = models.UUIDField(null=True)
    channel = models.CharField(max_length=20)
    key = models.CharField(max_length=80)
    corrects = models.UUIDField(null=True)
    confirmed = models.JSONField(default=list)

    state = models.CharField(max_length=10, choices=SubmissionState.choices, default=SubmissionState.SENT)
    state_at = models.DateTimeField()
    reason_code = models.CharField(max_length=40, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    billed_in = models.DateField(null=True)

    FACTS = (
        "contract", "id", "provider_id", "point", "month", "raw", "value", "previous", "taken_on", "sent_at",
        "actor_kind", "actor_id", "channel", "key", "corrects", "confirmed",
    )  # fmt: skip

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "point", "month"], condition=Q(state__in=EFFECTIVE), name="one_effective_volume"
            ),
            models.UniqueConstraint(fields=["contract", "key", "point"], name="volume_key_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="volume_month_is_a_month"),
            models.CheckConstraint(condition=Q(value__gte=0), name="volume_is_not_negative"),
        ]
        indexes = [models.Index(fields=["contract", "point", "-sent_at"], name="volume_of_point")]


class AcceptedVolume(models.Model):
    """The volume that was counted for a month; written by billing's import alone."""

    pk = models.CompositePrimaryKey("contract_id", "id")
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, db_index=False, db_constraint=False)
    id = models.UUIDField(default=ids.new)
    provider_id = models.UUIDField()
    point = models.ForeignKey(SupplyPoint, on_delete=models.PROTECT, db_index=False, db_constraint=False)
    source_system = models.CharField(max_length=20)
    external_id = models.CharField(max_length=64)
    version = models.BigIntegerField()
    month = models.DateField()
    taken_on = models.DateField()
    value = models.DecimalField(max_digits=16, decimal_places=4)
    source = models.CharField(max_length=10, choices=ReadingSource.choices)
    quality = models.CharField(max_length=10, blank=True)
    submission_id = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "source_system", "external_id"], name="accepted_volume_external_id_once"
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="accepted_volume_month_is_a_month"),
        ]
        indexes = [models.Index(fields=["contract", "point", "-taken_on"], name="accepted_volume_newest")]


class WindowExtension(models.Model):
    """The office lets the window of a month close later, for a contract or, without one, for all of the provider."""

    id = models.UUIDField(primary_key=True, default=ids.new)
    provider = models.ForeignKey(Provider, on_delete=models.PROTECT)
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, null=True)
    month = models.DateField()
    closes_on = models.DateField()
    reason = models.CharField(max_length=80)
    given_by = models.UUIDField()
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(month__day=1), name="extension_month_is_a_month"),
            models.CheckConstraint(condition=Q(closes_on__gt=models.F("month")), name="extension_closes_after_start"),
        ]
        indexes = [
            models.Index(
                fields=["provider", "month"], name="extension_in_force", condition=Q(withdrawn_at__isnull=True)
            )
        ]

    def to_value(self) -> Extension:
        return Extension(Month.of(self.month), self.closes_on)


class Reminder(models.Model):
    """That a person was reminded of a contract's month: once for each kind, however often the job runs.

    A refusal is noted when billing answers; the letter comes a little later, so that one letter names them all.
    """

    id = models.UUIDField(primary_key=True, default=ids.new)
    kind = models.CharField(max_length=8, choices=[(code, code) for code in ReminderKind])
    contract = models.ForeignKey(Contract, on_delete=models.CASCADE)
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    month = models.DateField()
    made_at = models.DateTimeField()
    told_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contract", "month", "user", "kind"], name="reminded_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="reminder_month_is_a_month"),
        ]
        indexes = [
            models.Index(fields=["user", "told_on"], name="reminder_of_person"),
            models.Index(fields=["made_at"], condition=Q(told_on__isnull=True), name="reminder_waiting"),
        ]


class VerificationWarning(models.Model):
    """That a person was written to about a meter's verification, and at which of the steps last (60, 30, 7 days)."""

    id = models.UUIDField(primary_key=True, default=ids.new)
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    meter = models.ForeignKey(Meter, on_delete=models.CASCADE, db_index=False)
    due_on = models.DateField()
    days = models.PositiveSmallIntegerField()
    told_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meter", "user", "due_on"], name="warned_of_verification_once"),
            models.CheckConstraint(condition=Q(days__in=DAYS_BEFORE), name="verification_is_warned_of_by_steps"),
        ]
