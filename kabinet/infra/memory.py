"""How often a process looks for garbage."""

import gc
from typing import Final

# Objects made and not yet let go before the youngest are looked through; then how many such looks before a deeper one.
THRESHOLDS: Final = (100_000, 20, 50)


def collect_rarely() -> None:
    """Let a process of jobs look for circles of garbage seldom, and never among what was loaded at its start.

    A file of ten thousand rows makes some hundred thousand values that hold no circles; looking through them again and
    again cost a third of the job. What nobody refers to is freed at once all the same.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
