"""Use cases of contracts: linking, unlinking, and what billing says of them."""
