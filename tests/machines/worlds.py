"""A machine's world on a real database: made anew for each run, and taken back after it."""

from contextlib import ExitStack
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine

from kabinet.contracts.models import Contract
from kabinet.providers import middleware
from kabinet.staff.selectors.invariants import recounts
from tests.authz.ask import taken_back
from tests.deep import IS_DEEP, count

# A machine that fails is shown with the steps that led there; looking for fewer of them costs a world each, for which
# a deep run has the minutes.
STEADY = settings(
    database=None,
    max_examples=count(gate=4, deep=80),
    stateful_step_count=count(gate=15, deep=40),
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate, Phase.shrink] if IS_DEEP else [Phase.generate],
)


class Machine(RuleBasedStateMachine):
    """Steps on a world of its own; at the end everything is counted again."""

    steps = 0

    def __init__(self) -> None:
        super().__init__()
        self.world = ExitStack()
        self.world.enter_context(taken_back())
        middleware.forget()
        self.contract = self.made()

    def made(self) -> Contract:
        raise NotImplementedError

    def teardown(self) -> None:
        try:
            found = [f"{recount.invariant}: {rows}" for recount, rows in recounts() if rows]
            assert found == []
        finally:
            self.world.close()
            middleware.forget()


def outcome_of(act: Any) -> Any:
    """Return what the act gave, or the refusal that it met."""
    try:
        return act()
    except Exception as refusal:  # noqa: BLE001 - the machine looks at what it is
        return refusal
