"""Entrances for billing systems: JSON in, JSON out, a key in each request."""
