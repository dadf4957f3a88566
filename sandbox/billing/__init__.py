"""A small billing system for each provider; it knows the portal by the exchange alone (BILL-03)."""
