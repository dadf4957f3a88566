"""Arithmetic of colours: contrast by WCAG 2.1, and the nearest shade that is legible."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

STEPS = 100


@dataclass(frozen=True, slots=True)
class Colour:
    """A colour of the screen: red, green and blue from 0 to 255."""

    red: int
    green: int
    blue: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `#rrggbb`, with or without the hash."""
        digits = text.removeprefix("#")
        if len(digits) != len("rrggbb"):
            raise ValueError(text)
        return cls(int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16))

    def __str__(self) -> str:
        return f"#{self.red:02x}{self.green:02x}{self.blue:02x}"

    @property
    def channels(self) -> str:
        """Return `r, g, b`, the form that Bootstrap's variables take."""
        return f"{self.red}, {self.green}, {self.blue}"

    @property
    def luminance(self) -> float:
        """Return the relative luminance, from 0 (black) to 1 (white)."""
        return 0.2126 * _linear(self.red) + 0.7152 * _linear(self.green) + 0.0722 * _linear(self.blue)

    def mixed(self, other: Self, share: float) -> "Colour":
        """Return this colour with a `share` (0 to 1) of the other one in it."""
        return Colour(
            *(
                round(own + (their - own) * share)
                for own, their in zip(
                    (self.red, self.green, self.blue), (other.red, other.green, other.blue), strict=True
                )
            )
        )


WHITE = Colour(255, 255, 255)
BLACK = Colour(0, 0, 0)


def contrast(one: Colour, other: Colour) -> float:
    """Return the contrast ratio of two colours, from 1 to 21."""
    lighter, darker = sorted((one.luminance, other.luminance), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def legible(colour: Colour, *, on: Colour, ratio: float) -> Colour:
    """Return the shade nearest to `colour` that has at least `ratio` of contrast on the ground `on`."""
    target = BLACK if contrast(BLACK, on) > contrast(WHITE, on) else WHITE
    return _first_shade(colour, target, lambda shade: contrast(shade, on) >= ratio)


def ink_on(ground: Colour) -> Colour:
    """Return white where white is legible on the ground (4.5), else the better of black and white."""
    if contrast(WHITE, ground) >= 4.5:  # noqa: PLR2004  WCAG's own figure
        return WHITE
    return max((WHITE, BLACK), key=lambda ink: contrast(ink, ground))


def _first_shade(colour: Colour, target: Colour, is_good: Callable[[Colour], bool]) -> Colour:
    shades = (colour.mixed(target, step / STEPS) for step in range(STEPS + 1))
    return next((shade for shade in shades if is_good(shade)), target)


def _linear(channel: int) -> float:
    share = channel / 255
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4  # noqa: PLR2004  the sRGB curve
