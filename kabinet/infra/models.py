"""Tables of the floor: events, audit, idempotency, limits, letters, files.

They hold ids and codes, never names of people; but for letters on their way and the names that people gave to files.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from kabinet.infra import ids
from kabinet.infra.verdicts import ScanState


class Event(models.Model):
    """A fact for others; `seq` is given by the relay after the commit, without gaps, and is the only order to trust.

    `ordinal` is taken at the insert: among writers that wait for each other it is the order of commits.
    """

    ordinal = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(default=ids.new, unique=True)
    provider_id = models.UUIDField()
    contract_id = models.UUIDField(null=True)
    kind = models.CharField(max_length=60)
    payload = models.JSONField()
    at = models.DateTimeField()
    seq = models.BigIntegerField(null=True)

    class Meta:
        # What has no number yet stands in none of the indexes of numbers: it would be written there twice.
        constraints = [models.UniqueConstraint(fields=["seq"], condition=Q(seq__isnull=False), name="event_seq_once")]
        indexes = [
            models.Index(fields=["ordinal"], name="event_unnumbered", condition=Q(seq__isnull=True)),
            models.Index(fields=["provider_id", "seq"], name="event_of_provider", condition=Q(seq__isnull=False)),
        ]


class HandlerCursor(models.Model):
    """How far a handler has read; moved in the transaction of the handler's effect."""

    handler = models.CharField(max_length=120, primary_key=True)
    seq = models.BigIntegerField()


class ParkedEvent(models.Model):
    """An event whose handler failed; later events of the same contract wait behind it, other contracts do not."""

    id = models.UUIDField(primary_key=True, default=ids.new)
    handler = models.CharField(max_length=120)
    event = models.ForeignKey(Event, on_delete=models.PROTECT)
    lane = models.CharField(max_length=40)
    seq = models.BigIntegerField()
    error = models.TextField()
    attempts = models.PositiveIntegerField(default=0)
    retry_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["handler", "event"], name="parked_event_once")]
        indexes = [models.Index(fields=["handler", "lane", "seq"], name="parked_event_lane")]


class AuditRow(models.Model):
    """What was done, to what, by whom; appended only (grants and one trigger see to it)."""

    id = models.UUIDField(primary_key=True, default=ids.new)
    at = models.DateTimeField()
    provider_id = models.UUIDField(null=True)
    contract_id = models.UUIDField(null=True)
    act = models.CharField(max_length=60)
    target_kind = models.CharField(max_length=40)
    target_id = models.CharField(max_length=80)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    actor_kind = models.CharField(max_length=12)
    actor_id = models.UUIDField(null=True)
    on_behalf_of = models.UUIDField(null=True)
    channel = models.CharField(max_length=20)
    reason = models.CharField(max_length=80, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["target_kind", "target_id", "at"], name="audit_of_target"),
            models.Index(fields=["provider_id", "at"], name="audit_of_provider"),
        ]


class UnanchoredRow(models.Model):
    """An audit row that the hash chain has yet to take in; written by the trigger of the audit table itself."""

    row_id = models.UUIDField(primary_key=True)


class AuditAnchor(models.Model):
    """A link of the hash chain: which audit rows it binds, and to which anchor before it; appended only."""

    number = models.BigIntegerField(primary_key=True)
    made_at = models.DateTimeField()
    rows = ArrayField(models.UUIDField())
    digest = models.CharField(max_length=64)


class IdempotencyKey(models.Model):
    """A repeated act is one act: the key is bound in the transaction of the act that was accepted."""

    id = models.UUIDField(primary_key=True, default=ids.new)
    actor_kind = models.CharField(max_length=12)
    actor_id = models.UUIDField()
    key = models.CharField(max_length=80)
    body_hash = models.CharField(max_length=64)
    result = models.JSONField(null=True)
    bound_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["actor_kind", "actor_id", "key"], name="idempotency_key_once")]


class LimitCounter(models.Model):
    """How often something was tried in a window of technical time."""

    id = models.UUIDField(primary_key=True, default=ids.new)
    name = models.CharField(max_length=40)
    subject = models.CharField(max_length=64)
    window_ends_at = models.DateTimeField()
    count = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "subject"], name="limit_counter_once")]


class OutgoingLetter(models.Model):
    """A letter on its way; its row goes when the server has it, its words go when the server refuses it for good."""

    id = models.UUIDField(primary_key=True, default=ids.new)
    template = models.CharField(max_length=80)
    to = models.CharField(max_length=254)
    subject = models.TextField()
    text = models.TextField()
    made_at = models.DateTimeField()
    refused_at = models.DateTimeField(null=True)
    refusal = models.CharField(max_length=40, default="", help_text="the server's code, never its words")


class StoredFile(models.Model):
    """A file's row, written after its bytes are safe; the name people gave it is kept apart from ours."""

    id = models.UUIDField(primary_key=True, default=ids.new)
    provider_id = models.UUIDField()
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    media_type = models.CharField(max_length=100)
    original_name = models.CharField(max_length=255)
    scan = models.CharField(max_length=12, default=ScanState.NONE)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(scan__in=list(ScanState)), name="stored_file_scan_is_known")]
        indexes = [models.Index(fields=["id"], condition=Q(scan=ScanState.WAITING), name="stored_file_waiting")]

    @property
    def place(self) -> str:
        """Return where the bytes lie in the storage: a name of ours, from nothing that a person typed."""
        return f"{self.provider_id}/{self.made_at:%y/%m}/{self.id}"

    @property
    def may_be_handed_on(self) -> bool:
        """Say whether others than its giver may have it."""
        return self.scan in {ScanState.NONE, ScanState.CLEAN}

    @property
    def is_waiting(self) -> bool:
        return self.scan == ScanState.WAITING

    @property
    def is_infected(self) -> bool:
        return self.scan == ScanState.INFECTED
