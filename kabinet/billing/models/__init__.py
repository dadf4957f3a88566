"""What billing prepares for customers."""

from kabinet.billing.models.acts import ReconciliationAct
from kabinet.billing.models.money import Balance, Charge, Payment

__all__ = ["Balance", "Charge", "Payment", "ReconciliationAct"]
