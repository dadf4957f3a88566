"""How passwords are hashed."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class PortalArgon2(Argon2PasswordHasher):
    """Argon2id at the figures OWASP names: a tenth of the cost of Django's default, so that a crowd can sign in."""

    time_cost = 2
    memory_cost = 19_456
    parallelism = 1
