"""The number by which people name a ticket."""


def ticket_number(year: int, ordinal: int) -> str:
    """Write «ОС-2026-000123»."""
    return f"ОС-{year}-{ordinal:06d}"
