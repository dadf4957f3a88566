"""The provider's brand as the pages need it, and the style sheet made of its colours.

The address of the sheet carries the colours, so it is cached for ever, needs no database,
and error pages have it too.
"""

from dataclasses import dataclass

from kabinet.web.colours import BLACK, WHITE, Colour, contrast, ink_on, legible

# The grounds of the two themes; styles/tokens.css and styles/dark.css use the same.
LIGHT_GROUND = Colour.parse("#f3f5f8")
DARK_GROUND = Colour.parse("#1b242e")
TEXT_RATIO = 4.6  # 4.5 with room for rounding
MARK_RATIO = 3.1
HIGH_RATIO = 7.1
VERY_LIGHT = 0.45  # yellow and its like: black ink stands on them better than they darken


@dataclass(frozen=True, slots=True)
class Brand:
    """What a page shows of the provider around its own content."""

    name: str = "Кабинет"
    short_name: str = "Кабинет"
    title: str = "Личный кабинет"
    colour: str = "#1f5fa8"
    accent: str = "#1fa3b8"
    logo: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    hours: str = ""

    @property
    def stylesheet_key(self) -> str:
        """Return the part of the style sheet's address that names the colours."""
        return f"{self.colour}-{self.accent}".replace("#", "").lower()

    @property
    def letter(self) -> str:
        """Return the letter that stands for a missing logo."""
        return next((sign for sign in self.short_name if sign.isalpha()), "К").upper()


@dataclass(frozen=True, slots=True)
class Palette:
    """The shades of one brand colour in one theme; every pair that carries text has enough contrast."""

    fill: Colour
    ink: Colour
    hover: Colour
    active: Colour
    text: Colour
    mark: Colour
    soft: Colour


def palette(colour: Colour, *, ground: Colour, ratio: float = TEXT_RATIO) -> Palette:
    """Return the shades of a brand colour for pages of the given ground."""
    fill = _fill(colour, ground=ground, ratio=ratio)
    ink = ink_on(fill)
    away = BLACK if ink == WHITE else WHITE
    soft = ground.mixed(colour, 0.1)
    text = legible(legible(colour, on=ground, ratio=ratio), on=soft, ratio=ratio)
    return Palette(
        fill=fill,
        ink=ink,
        hover=fill.mixed(away, 0.14),
        active=fill.mixed(away, 0.26),
        text=text,
        mark=legible(colour, on=ground, ratio=MARK_RATIO),
        soft=soft,
    )


def stylesheet(key: str) -> str:
    """Return the style sheet of the brand whose `stylesheet_key` is given."""
    colour, accent = (Colour.parse(part) for part in key.split("-"))
    lines = [
        *_declarations("light", palette(colour, ground=LIGHT_GROUND)),
        *_declarations("dark", palette(colour, ground=DARK_GROUND)),
        *_declarations("light-high", palette(colour, ground=WHITE, ratio=HIGH_RATIO)),
        *_declarations("dark-high", palette(colour, ground=BLACK, ratio=HIGH_RATIO)),
        f"--brand-own:{colour};",
        f"--brand-accent:{accent};",
    ]
    return ":root{" + "".join(lines) + "}\n"


def _fill(colour: Colour, *, ground: Colour, ratio: float) -> Colour:
    if colour.luminance > VERY_LIGHT:
        return colour
    if ground.luminance > VERY_LIGHT:
        return legible(colour, on=WHITE, ratio=ratio)
    # On a dark ground the fill must part from the ground first; its ink is then white or black.
    lifted = legible(colour, on=ground, ratio=MARK_RATIO)
    if contrast(ink_on(lifted), lifted) >= ratio:
        return lifted
    return legible(colour, on=BLACK, ratio=ratio)


def _declarations(theme: str, shades: Palette) -> list[str]:
    return [
        f"--{theme}-brand:{shades.fill};",
        f"--{theme}-brand-ink:{shades.ink};",
        f"--{theme}-brand-hover:{shades.hover};",
        f"--{theme}-brand-active:{shades.active};",
        f"--{theme}-brand-text:{shades.text};",
        f"--{theme}-brand-mark:{shades.mark};",
        f"--{theme}-brand-soft:{shades.soft};",
    ]
