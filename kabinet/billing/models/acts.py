"""Acts of reconciliation."""

from django.db import models
from django.db.models import F, Q

from kabinet.accounts.models import User
from kabinet.billing.values import ActState, Delivery
from kabinet.contracts.models import Contract, Paper
from kabinet.infra import ids


class ReconciliationAct(models.Model):
    """An act of reconciliation: what the customer asked for, and what billing answered (DOC-03)."""

    id = models.UUIDField(primary_key=True, default=ids.new)
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT)
    since = models.DateField()
    until = models.DateField()
    delivery = models.CharField(max_length=8, choices=[(code, code) for code in Delivery])
    asked_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True)
    asked_at = models.DateTimeField()

    state = models.CharField(max_length=10, choices=[(code, code) for code in ActState], default=ActState.REQUESTED)
    state_at = models.DateTimeField()
    reason = models.CharField(max_length=300, blank=True)
    number = models.CharField(max_length=40, blank=True)
    made_on = models.DateField(null=True)
    file = models.ForeignKey(Paper, on_delete=models.PROTECT, null=True)
    # The age of billing's answer, and of the answer that the letter told of.
    answer_version = models.BigIntegerField(default=0)
    told_version = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "since", "until"],
                condition=Q(state=ActState.REQUESTED),
                name="one_open_request_a_period",
            ),
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="act_ends_after_start"),
            models.CheckConstraint(
                condition=~Q(state__in=[ActState.PREPARED, ActState.RECEIVED]) | Q(file__isnull=False),
                name="prepared_act_has_its_file",
            ),
            models.CheckConstraint(
                condition=~Q(state=ActState.REFUSED) | ~Q(reason=""), name="refused_act_has_its_reason"
            ),
        ]
        indexes = [models.Index(fields=["contract", "-asked_at"], name="act_of_contract")]
