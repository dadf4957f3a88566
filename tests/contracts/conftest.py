"""Contracts as billing brings them."""

from tests.exchange.conftest import billing, billing_v

__all__ = ["billing", "billing_v"]
