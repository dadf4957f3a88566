"""Files of the exchange: bytes to rows, a line at a time."""
