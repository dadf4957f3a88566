"""Frozen facts of the bigger components, with finished strings: rows of hot pages hand them to their includes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Final

from kabinet.web.shapes import CODE

WIDE: Final = 8


@dataclass(frozen=True, slots=True)
class Dial:
    """The field of one register, drawn like the meter's own dial (READ-17).

    `previous` is shown padded, `previous_value`, `limit` and `usual` are plain numbers for the script's hints.
    """

    name: str
    label: str
    whole: int
    fraction: int = 0
    value: str = ""
    unit: str = ""
    rule: str = ""
    # Drawn figure by figure.
    previous: str = field(default="", metadata=CODE)
    previous_source: str = ""
    previous_value: str = ""
    consumption: str = ""
    limit: str = ""
    usual: str = ""
    ratio: str = "1"
    errors: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    is_disabled: bool = False
    is_label_shown: bool = False

    @property
    def id(self) -> str:
        return f"id_{self.name}"

    @property
    def is_wide(self) -> bool:
        return self.whole + self.fraction >= WIDE

    @property
    def whole_boxes(self) -> range:
        return range(self.whole)

    @property
    def fraction_boxes(self) -> range:
        return range(self.fraction)

    @property
    def previous_figures(self) -> list[tuple[str, bool]]:
        """Return each figure of the previous value, and whether it is an idle leading zero."""
        whole = self.previous.partition(".")[0].partition(",")[0].zfill(self.whole)
        first = len(whole) - len(whole.lstrip("0"))
        last = len(whole) - 1
        return [(figure, place < min(first, last)) for place, figure in enumerate(whole)]

    @property
    def described_by(self) -> str:
        """Return the ids of what a screen reader says about the field."""
        parts = {
            "rule": self.rule,
            "previous": self.previous,
            "hints": self.hints,
            "errors": self.errors,
        }
        return " ".join(f"{self.id}_{part}" for part, shown in parts.items() if shown)


@dataclass(frozen=True, slots=True)
class DialDrawing:
    """The picture of a dial with its black and red figures, for «Как снять показания»."""

    whole: int = 5
    fraction: int = 3
    figures: Sequence[str] = "00233417"

    STEP: ClassVar[int] = 42

    @property
    def boxes(self) -> list[tuple[int, str, bool]]:
        """Return left edge, figure and redness of each box."""
        return [(20 + self.STEP * place, figure, place >= self.whole) for place, figure in enumerate(self._padded)]

    @property
    def _padded(self) -> tuple[str, ...]:
        return ("0",) * (self.whole + self.fraction - len(self.figures)) + tuple(self.figures)

    @property
    def width(self) -> int:
        return 40 + self.STEP * (self.whole + self.fraction) - 4

    @property
    def whole_figures(self) -> str:
        return "".join(self._padded[: self.whole])

    @property
    def whole_middle(self) -> int:
        return 20 + self.STEP * self.whole // 2 - 2

    @property
    def whole_end(self) -> int:
        return 20 + self.STEP * self.whole - 6

    @property
    def fraction_start(self) -> int:
        return 20 + self.STEP * self.whole

    @property
    def fraction_middle(self) -> int:
        return self.fraction_start + self.STEP * self.fraction // 2 - 2

    @property
    def fraction_end(self) -> int:
        return self.fraction_start + self.STEP * self.fraction - 6
