"""Files of readings and what became of their rows (READ-12).

A file's rows are heavy: their keys begin with the contract, nothing points at them, no triggers.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from kabinet.accounts.models import User
from kabinet.contracts.models import Contract
from kabinet.infra import ids
from kabinet.infra.models import StoredFile
from kabinet.readings.values.files import FileState, RowFate


class ReadingsFile(models.Model):
    """A file that a person gave for a contract: chosen, then read by a job, once; taken back as a whole."""

    id = models.UUIDField(primary_key=True, default=ids.new)
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT)
    stored = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    # The same file coloured; made anew when more of it is sent.
    marked = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    given_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True)
    given_at = models.DateTimeField()
    month = models.DateField(null=True)
    state = models.CharField(max_length=10, choices=[(code, code) for code in FileState], default=FileState.CHOSEN)
    state_at = models.DateTimeField()
    problem = models.CharField(max_length=20, blank=True)
    problem_facts = models.JSONField(default=dict)
    notes = models.JSONField(default=list)
    counts = models.JSONField(default=dict)
    # How many times rows of it were sent: the first time, and each time that doubts were confirmed.
    round = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state=FileState.REFUSED) | ~models.Q(problem=""), name="refused_file_says_why"
            )
        ]
        indexes = [models.Index(fields=["contract", "-given_at"], name="readings_file_of_contract")]

    @property
    def name(self) -> str:
        return self.stored.original_name


class FileRow(models.Model):
    """A row of a file as it stood there, with its fate; rewritten only while the file's doubts are answered."""

    pk = models.CompositePrimaryKey("contract_id", "file_id", "number")
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, db_index=False, db_constraint=False)
    file_id = models.UUIDField()
    number = models.PositiveIntegerField()
    sheet = models.CharField(max_length=80)
    row = models.PositiveIntegerField()
    column = models.CharField(max_length=3)
    point_code = models.CharField(max_length=80)
    meter = models.CharField(max_length=80)
    quantity = models.CharField(max_length=80)
    zone = models.CharField(max_length=80)
    raw = models.CharField(max_length=80)
    flag = models.CharField(max_length=12)
    register_id = models.UUIDField(null=True)
    submission_id = models.UUIDField(null=True)
    fate = models.CharField(max_length=10, choices=[(code, code) for code in RowFate])
    problems = ArrayField(models.CharField(max_length=30))
    notes = ArrayField(models.CharField(max_length=30))
    suggestions = ArrayField(models.CharField(max_length=16))
    facts = models.CharField(max_length=200)
    digits = models.PositiveSmallIntegerField(null=True)
