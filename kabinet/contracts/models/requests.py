"""What people have typed and mailboxes have not confirmed yet: contracts (CON-02), sign-ups by account (REG-03)."""

from datetime import datetime, timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from kabinet.accounts.models import User
from kabinet.accounts.values import Mode
from kabinet.contracts.models.contracts import Contract
from kabinet.infra import ids
from kabinet.providers.models import Provider


class SignUpRequestSet(models.QuerySet["SignUpRequest"]):
    def waiting(self, at: datetime) -> "SignUpRequestSet":
        """Keep those whose time is not over."""
        return self.filter(expires_at__gt=at)


class SignUpRequest(models.Model):
    """A sign-up by account whose mailbox has not answered yet; forgotten with the answer, or when its time is over.

    What the letter carries is kept hashed, and is empty until the letter is written.
    """

    id = models.UUIDField(primary_key=True, default=ids.new)
    provider = models.ForeignKey(Provider, on_delete=models.PROTECT)
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT)
    mode = models.CharField(max_length=8, choices=[(code, code) for code in Mode])
    login = models.CharField(max_length=60)
    email = models.CharField(max_length=254)
    last_name = models.CharField(max_length=80, blank=True)
    first_name = models.CharField(max_length=80, blank=True)
    middle_name = models.CharField(max_length=80, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    organisation = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=2)
    # The consents of the form, and from where it was sent (REG-09).
    accepted = ArrayField(models.UUIDField())
    address = models.CharField(max_length=45)
    agent = models.CharField(max_length=300)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    secret_hash = models.CharField(max_length=64, blank=True)

    objects = SignUpRequestSet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contract", "email"], name="one_sign_up_a_mailbox"),
            models.UniqueConstraint(fields=["secret_hash"], condition=~Q(secret_hash=""), name="sign_up_secret_once"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("asked_at")), name="sign_up_ends_after_start"),
        ]
        indexes = [models.Index(fields=["expires_at"], name="sign_up_to_expire")]

    @property
    def lives(self) -> timedelta:
        return self.expires_at - self.asked_at


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
