"""Formats of the office's files."""
