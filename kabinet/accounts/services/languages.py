"""The language a person has chosen (SITE-07)."""

from kabinet.accounts.models import User
from kabinet.infra.db import use_case


@use_case
def choose_language(user: User, language: str) -> None:
    """Keep the language with the person: letters and every other browser follow."""
    User.objects.filter(pk=user.pk).update(language=language)
