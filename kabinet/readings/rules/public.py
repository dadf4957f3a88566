"""For which accounts readings are taken without signing in (READ-18)."""

from collections import Counter
from collections.abc import Sequence


def is_for_everybody(resources: Sequence[str]) -> bool:
    """Say whether the meters, by their resources, leave no choice: one of each at the most, and one at all."""
    return bool(resources) and max(Counter(resources).values()) == 1
