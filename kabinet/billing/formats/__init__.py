"""Bytes ↔ values of one file format each."""
