"""The parts of a provider's policy that rules are given."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

__all__ = ["DayRange", "DeadlineDay", "UntilClosed", "WindowRule"]


class _Rule(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DeadlineDay(_Rule):
    """Readings are taken in the last `window_days` days up to the contract's deadline day, and only then."""

    type: Literal["deadline_day"] = "deadline_day"
    window_days: int = Field(default=3, ge=1, le=28)
    roll_to_next_working_day: bool = True


class DayRange(_Rule):
    """Readings are taken any day; those given outside these days of the month count for the next period."""

    type: Literal["day_range"] = "day_range"
    from_day: int = Field(ge=1, le=31)
    to_day: int = Field(ge=1, le=31)

    @model_validator(mode="after")
    def _runs_forward(self) -> "DayRange":
        if self.from_day > self.to_day:
            raise ValueError("from_day must not be after to_day")
        return self


class UntilClosed(_Rule):
    """Readings are taken until billing closes the period."""

    type: Literal["until_closed"] = "until_closed"


WindowRule = Annotated[DeadlineDay | DayRange | UntilClosed, Field(discriminator="type")]
