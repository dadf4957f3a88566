"""How large the crowd is, how often and how long it is let loose."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bench.serving import crowd

SIZES: Final = (10_000, 100_000, 1_000_000)
PORT: Final = 8321
CLIENTS: Final = 16
FEW: Final = 2


@dataclass(frozen=True, slots=True)
class Plan:
    """The sizes one after the other; at each so many rounds, in which the sides take turns of so many seconds."""

    sizes: Sequence[int] = SIZES
    rounds: int = 3
    seconds: int = 8
    months: int = crowd.MONTHS
    port: int = PORT
