"""Numbers of tickets, without gaps in a year."""

from django.db import connection

from kabinet.infra import ids
from kabinet.infra.db import step
from kabinet.providers.models import Provider


@step
def next_ordinal(provider: Provider, year: int) -> int:
    """Return the next number of the year and hold the counter until the ticket is committed."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO tickets_ticketcounter AS c (id, provider_id, year, last) VALUES (%s, %s, %s, 1)
            ON CONFLICT (provider_id, year) DO UPDATE SET last = c.last + 1 RETURNING last
            """,
            [ids.new(), provider.pk, year],
        )
        row = cursor.fetchone()
    return int(row[0])
