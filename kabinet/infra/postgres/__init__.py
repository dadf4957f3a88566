"""Django's own PostgreSQL, with connections that are looked at without asking the server."""
