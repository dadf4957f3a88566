"""How long a contract waits for its mailbox (CON-02)."""

from datetime import datetime, timedelta


def left_until(expires_at: datetime, *, at: datetime) -> tuple[int, int]:
    """Return whole hours and minutes that are left, the begun minute counted: it never says 0:00 while it waits."""
    minutes = -((at - expires_at) // timedelta(minutes=1))
    return divmod(max(minutes, 0), 60)
