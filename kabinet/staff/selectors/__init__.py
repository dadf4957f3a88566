"""Reads of the office: all that is of its provider, nothing of another."""
