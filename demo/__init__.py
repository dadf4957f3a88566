"""A synthetic utility: the same seed and day give the same rows, for any size."""
