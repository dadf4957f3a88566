"""Questions and answers that a provider publishes (HELP-01)."""

from django.db import models
from django.db.models import Q

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
