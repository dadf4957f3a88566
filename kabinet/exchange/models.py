"""The billing systems that talk to the portal, and the journal of every message."""

from django.db import models

from kabinet.infra import ids
from kabinet.providers.models import Provider


class Partner(models.Model):
    """A billing system of a provider: its token kept hashed, its cursors of what it was given and has acknowledged."""

    id = models.UUIDField(primary_key=True, default=ids.new)
    provider = models.ForeignKey(Provider, on_delete=models.CASCADE)
    name = models.CharField(max_length=60)
    source = models.CharField(max_length=20)
    token_hash = models.CharField(max_length=64, unique=True)
    given_seq = models.BigIntegerField(default=0)
    acknowledged_seq = models.BigIntegerField(default=0)
    acknowledged_at = models.DateTimeField(null=True)
    heard_at = models.DateTimeField(null=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "source"], name="one_partner_a_source"),
            models.CheckConstraint(
                condition=models.Q(acknowledged_seq__lte=models.F("given_seq")),
                name="partner_acknowledges_what_was_given",
            ),
        ]


class Message(models.Model):
    """A line of the journal: what came or went, with its answer. It holds ids and codes, never rows of people."""

    id = models.UUIDField(primary_key=True, default=ids.new)
    provider = models.ForeignKey(Provider, on_delete=models.CASCADE)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT)
    direction = models.CharField(max_length=3)
    kind = models.CharField(max_length=40)
    contract_id = models.UUIDField(null=True)
    subject = models.CharField(max_length=80, blank=True)
    at = models.DateTimeField()
    body = models.JSONField()
    answer = models.JSONField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["provider", "-at"], name="message_of_provider"),
            models.Index(fields=["contract_id", "-at"], name="message_of_contract"),
            models.Index(fields=["provider", "-at"], name="message_of_batch", condition=models.Q(kind="batch")),
        ]
