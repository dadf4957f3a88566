"""Reads of readings, always through somebody's eyes."""
