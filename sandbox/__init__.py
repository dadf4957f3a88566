"""The world around the portal, for demonstrations and tests: people's mail and the provider's billing system."""
