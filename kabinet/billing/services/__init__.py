"""Use cases of acts: asking, receiving, and what billing answers."""
