"""Use cases of readings: keeping drafts, sending, and what billing answers."""
