"""Papers that billing brings, and the annexes (приложения) to contracts that they are."""

from django.db import models

from kabinet.contracts.models.contracts import Contract, FromBilling, named
from kabinet.infra import ids
from kabinet.infra.models import StoredFile
from kabinet.providers.models import Provider


class Paper(models.Model):
    """The bytes of a document as billing uploaded them; a row of a batch says whose it is."""

    id = models.UUIDField(primary_key=True, default=ids.new)
    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, db_index=False)
    stored = models.OneToOneField(StoredFile, on_delete=models.PROTECT)
    sha256 = models.CharField(max_length=64)
    uploaded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "sha256"], name="paper_once"),
            models.UniqueConstraint(fields=["provider", "id"], name="paper_in_provider"),
        ]


class Annex(FromBilling):
    """An annex to a contract."""

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="annexes", db_constraint=False)
    number = models.CharField(max_length=40)
    title = models.CharField(max_length=240)
    signed_on = models.DateField(null=True)
    # Held together with the provider: the paper of another utility cannot hang here.
    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, null=True, db_index=False, db_constraint=False)

    class Meta:
        constraints = named("annex")
