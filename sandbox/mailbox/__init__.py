"""Everybody's mail: whatever the portal sends lands here and can be read."""
