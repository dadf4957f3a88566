"""What the application may not do, done by the owner of the tables."""

from django.db import connection


def as_owner(text: str) -> None:
    """Run a statement, and be the application again."""
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
        cursor.execute(text)
        cursor.execute("SET ROLE kabinet_app")
