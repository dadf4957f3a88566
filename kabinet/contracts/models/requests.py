"""Contracts that people have typed and that their mailboxes have not confirmed yet (CON-02)."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q

from kabinet.accounts.models import User
from kabinet.contracts.models.contracts import Contract
from kabinet.infra import ids
from kabinet.providers.models import Provider


class LinkRequestSet(models.QuerySet["LinkRequest"]):
    def waiting(self, at: datetime) -> "LinkRequestSet":
        """Keep those whose time is not over."""
        return self.filter(expires_at__gt=at)


class LinkRequest(models.Model):
    """A number and an address as a person typed them; a wrong pair waits like a right one.

    What a letter carries is kept hashed. A request that the mailbox refused stands until its time is over all the same:
    to vanish earlier would tell that the pair was right.
    """

    id = models.UUIDField(primary_key=True, default=ids.new)
    provider = models.ForeignKey(Provider, on_delete=models.PROTECT)
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    number = models.CharField(max_length=14)
    email = models.CharField(max_length=254)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    letters_asked = models.PositiveSmallIntegerField(default=1)
    letters_written = models.PositiveSmallIntegerField(default=0)
    # Known to the job that wrote the letter, and to nobody who may see the request.
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, null=True)
    secret_hash = models.CharField(max_length=64, blank=True)
    denied_at = models.DateTimeField(null=True)

    objects = LinkRequestSet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "provider", "number", "email"], name="one_request_a_pair"),
            models.UniqueConstraint(fields=["secret_hash"], condition=~Q(secret_hash=""), name="link_secret_once"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("asked_at")), name="link_request_ends_after_start"),
            models.CheckConstraint(
                condition=Q(secret_hash="") | Q(contract__isnull=False, denied_at__isnull=True),
                name="link_secret_opens_a_contract",
            ),
        ]
        indexes = [models.Index(fields=["expires_at"], name="link_request_to_expire")]
