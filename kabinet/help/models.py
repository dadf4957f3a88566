"""Questions and answers that a provider publishes (HELP-01), its references and branches (HELP-04)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from kabinet.help.values import BranchText, BranchValue, ReferenceKind
from kabinet.infra import ids
from kabinet.providers.models import Provider


class HelpGroup(models.Model):
    """Questions about one matter, under one heading."""

    id = models.UUIDField(primary_key=True, default=ids.new)
    provider = models.ForeignKey(Provider, on_delete=models.CASCADE)
    name = models.CharField(max_length=120)
    place = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "name"], name="help_group_once")]


class EntrySet(models.QuerySet["HelpEntry"]):
    def published(self) -> "EntrySet":
        return self.filter(published_at__isnull=False, withdrawn_at__isnull=True)


class HelpEntry(models.Model):
    """A question with its answer; seen by customers from publishing to withdrawing."""

    id = models.UUIDField(primary_key=True, default=ids.new)
    provider = models.ForeignKey(Provider, on_delete=models.CASCADE)
    group = models.ForeignKey(HelpGroup, on_delete=models.PROTECT, related_name="entries")
    question = models.CharField(max_length=300)
    answer = models.TextField(max_length=10_000)
    place = models.PositiveIntegerField(default=0)
    published_at = models.DateTimeField(null=True)
    published_by = models.UUIDField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects = EntrySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(published_at__isnull=False),
                name="help_entry_withdrawn_after_publishing",
            ),
        ]
        indexes = [models.Index(fields=["provider", "group", "place"], name="help_entry_of_provider")]

    @property
    def is_published(self) -> bool:
        return self.published_at is not None and self.withdrawn_at is None


class Reference(models.Model):
    """One of the provider's references, as its office typed it."""

    id = models.UUIDField(primary_key=True, default=ids.new)
    provider = models.ForeignKey(Provider, on_delete=models.CASCADE)
    kind = models.CharField(max_length=8, choices=[(code, code) for code in ReferenceKind])
    text = models.TextField(max_length=10_000)
    published_at = models.DateTimeField()
    published_by = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "kind"], name="reference_once")]


class Branch(models.Model):
    """An office of the provider that serves contracts whose numbers begin in certain ways."""

    id = models.UUIDField(primary_key=True, default=ids.new)
    provider = models.ForeignKey(Provider, on_delete=models.CASCADE)
    name = models.CharField(max_length=160)
    head = models.CharField(max_length=160, blank=True)
    address = models.CharField(max_length=240, blank=True)
    phone = models.CharField(max_length=80, blank=True)
    email = models.EmailField(blank=True)
    hours = models.CharField(max_length=160, blank=True)
    numbers = ArrayField(models.CharField(max_length=40), default=list)
    place = models.PositiveIntegerField(default=0)
    is_open = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "name"], name="branch_once")]

    def take(self, text: BranchText) -> None:
        """Take over what the office wrote."""
        self.name, self.head, self.address, self.phone = text.name, text.head, text.address, text.phone
        self.email, self.hours, self.numbers = text.email, text.hours, list(text.numbers)
        self.place, self.is_open = text.place, text.is_open

    def to_value(self) -> BranchValue:
        return BranchValue(
            name=self.name,
            head=self.head,
            address=self.address,
            phone=self.phone,
            email=self.email,
            hours=self.hours,
            numbers=tuple(self.numbers),
            place=self.place,
            is_open=self.is_open,
            branch_id=self.pk,
        )
