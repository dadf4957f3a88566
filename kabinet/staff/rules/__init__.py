"""Decisions of the office: values in, values out."""
