"""The two processes of `./run bench slips`: they wake before they import what needs Django."""

from collections.abc import Sequence
from uuid import UUID

import django


def wake() -> None:
    django.setup()


def print_all(contracts: Sequence[UUID]) -> tuple[float, float]:
    from bench import slips

    return slips.print_all(contracts)
