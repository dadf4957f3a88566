"""Decisions about contracts and the people who see them."""
