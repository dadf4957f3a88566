"""Shapes of the exchange with billing: entities that come in, messages that go out. Pure: the sandbox shares them."""
