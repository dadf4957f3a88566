"""Use cases of the office: cards, what is set for the provider, what did not work."""
