"""What was charged and paid, and what a month left: written by billing's import alone.

Heavy tables: their keys begin with the contract, nothing points at them, no triggers. The names of billing's rows are
unique within the contract, for the contract is part of every unique index.
"""

from django.db import models
from django.db.models import F, Q

from kabinet.billing.values import Basis
from kabinet.contracts.models import Contract
from kabinet.contracts.values import Zone
from kabinet.infra import ids
from kabinet.providers.values import Resource
from kabinet.tariffs.values import ChargeKind, Unit


class _OfContract(models.Model):
    """A row of a contract's money, by month and resource."""

    pk = models.CompositePrimaryKey("contract_id", "id")
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, db_index=False, db_constraint=False)
    id = models.UUIDField(default=ids.new)
    provider_id = models.UUIDField()
    source = models.CharField(max_length=20)
    external_id = models.CharField(max_length=64)
    version = models.BigIntegerField()
    month = models.DateField()
    resource = models.CharField(max_length=16, choices=[(code, code) for code in Resource])

    class Meta:
        abstract = True


class Charge(_OfContract):
    """A printed line of a bill; `kept` is what its rule was given, so that it can be counted again."""

    kind = models.CharField(max_length=14, choices=[(code, code) for code in ChargeKind])
    zone = models.CharField(max_length=10, choices=[(code, code) for code in Zone], blank=True)
    range_number = models.PositiveSmallIntegerField(null=True)
    basis = models.CharField(max_length=8, choices=[(code, code) for code in Basis], blank=True)
    quantity = models.DecimalField(max_digits=16, decimal_places=4, null=True)
    unit = models.CharField(max_length=4, choices=[(code, code) for code in Unit], blank=True)
    price = models.DecimalField(max_digits=14, decimal_places=5, null=True)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    calculator = models.CharField(max_length=40, blank=True)
    calculator_version = models.PositiveSmallIntegerField(null=True)
    kept = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contract", "source", "external_id"], name="charge_external_id_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="charge_month_is_a_month"),
        ]
        indexes = [models.Index(fields=["contract", "month"], name="charge_of_month")]


class Payment(_OfContract):
    """Money that came and stands in a month's account; below zero it was taken back."""

    paid_on = models.DateField()
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    # One payment for several resources is as many rows with one document.
    document = models.CharField(max_length=40, blank=True)
    way = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contract", "source", "external_id"], name="payment_external_id_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="payment_month_is_a_month"),
            models.CheckConstraint(condition=~Q(amount=0), name="payment_is_of_something"),
        ]
        indexes = [models.Index(fields=["contract", "month"], name="payment_of_month")]


class Balance(_OfContract):
    """What a month of a resource did to the account; above zero is owed."""

    opening = models.DecimalField(max_digits=14, decimal_places=2)
    charged = models.DecimalField(max_digits=14, decimal_places=2)
    recalculated = models.DecimalField(max_digits=14, decimal_places=2)
    penalty = models.DecimalField(max_digits=14, decimal_places=2)
    paid = models.DecimalField(max_digits=14, decimal_places=2)
    closing = models.DecimalField(max_digits=14, decimal_places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contract", "source", "external_id"], name="balance_external_id_once"),
            models.UniqueConstraint(fields=["contract", "month", "resource"], name="one_balance_a_month"),
            models.CheckConstraint(condition=Q(month__day=1), name="balance_month_is_a_month"),
            models.CheckConstraint(
                condition=Q(closing=F("opening") + F("charged") + F("recalculated") + F("penalty") - F("paid")),
                name="balance_adds_up",
            ),
        ]
