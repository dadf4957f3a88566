"""The demonstration put into a database: what billing owns through the exchange, people through their services."""
