"""Use cases of tariffs: months of houses come from billing, prices are loaded by the office."""
