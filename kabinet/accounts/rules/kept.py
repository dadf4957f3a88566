"""What of a posted form is kept while the person signs in again."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

_SECRET_WORDS: Final = frozenset(
    {"password", "passphrase", "token", "secret", "csrfmiddlewaretoken", "cvv", "cvc", "pin"}
)
# Alone it is the code of a letter; with another word (the code of a supply point) it is not secret.
_SECRET_NAMES: Final = frozenset({"code"})
_MOST_SIGNS: Final = 100_000


def worth_keeping(fields: Mapping[str, Sequence[str]]) -> dict[str, list[str]] | None:
    """Return the fields without secrets; None means that it is more than a person types.

    A zero sign, which nobody types and no table of texts can hold, is left out.
    """
    kept = {
        name.replace("\0", ""): [value.replace("\0", "") for value in values]
        for name, values in fields.items()
        if not _is_secret(name)
    }
    size = sum(len(name) + sum(map(len, values)) for name, values in kept.items())
    return kept if size <= _MOST_SIGNS else None


def _is_secret(name: str) -> bool:
    words = re.split(r"[^a-z]+", name.lower())
    return name.lower() in _SECRET_NAMES or not _SECRET_WORDS.isdisjoint(words)
