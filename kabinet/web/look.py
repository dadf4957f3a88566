"""How a person wants pages to look: theme, contrast, size of print. Kept in a cookie, so it needs no account."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

COOKIE = "look"


class Theme(StrEnum):
    AUTO = "auto"
    LIGHT = "light"
    DARK = "dark"


class Contrast(StrEnum):
    NORMAL = "normal"
    HIGH = "high"


class Print(StrEnum):
    NORMAL = "normal"
    LARGE = "large"


@dataclass(frozen=True, slots=True)
class Look:
    theme: Theme = Theme.AUTO
    contrast: Contrast = Contrast.NORMAL
    print: Print = Print.NORMAL

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the cookie; what is not understood is the ordinary look."""
        try:
            theme, contrast, print_ = text.split(".")
            return cls(Theme(theme), Contrast(contrast), Print(print_))
        except ValueError:
            return cls()

    def __str__(self) -> str:
        return f"{self.theme}.{self.contrast}.{self.print}"

    @property
    def is_for_weak_eyes(self) -> bool:
        return self.contrast is Contrast.HIGH and self.print is Print.LARGE
