"""The town of the access matrix, and a count of what was tried."""

from tests.authz.conftest import asker, cast, inhabited

__all__ = ["asker", "cast", "inhabited"]
