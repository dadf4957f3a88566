"""Decisions about what billing prepares."""
