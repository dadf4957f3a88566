import pytest

from kabinet.web.brand import DARK_GROUND, LIGHT_GROUND, Brand, Palette, palette, stylesheet
from kabinet.web.colours import BLACK, WHITE, Colour, contrast, ink_on, legible

BLUE, YELLOW, GREY, MINT = "#0b5cad", "#ffd400", "#808080", "#19b5c9"
COLOURS = [BLUE, YELLOW, GREY, MINT, "#000000", "#ffffff", "#ff0000", "#00ff00", "#e30611", "#7a00ff", "#f58220"]
GROUNDS = {"light": (LIGHT_GROUND, 4.5), "dark": (DARK_GROUND, 4.5), "high": (WHITE, 7.0), "dark high": (BLACK, 7.0)}


def shades(colour: str, theme: str) -> Palette:
    ground, ratio = GROUNDS[theme]
    return palette(Colour.parse(colour), ground=ground, ratio=ratio + 0.1)


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#777777", "#ffffff", 4.48),
        ("#ffffff", "#ffffff", 1.0),
        ("#0000ff", "#ffffff", 8.59),
    ],
)
def test_contrast_is_that_of_wcag(one, other, ratio):
    assert contrast(Colour.parse(one), Colour.parse(other)) == pytest.approx(ratio, abs=0.01)


@pytest.mark.parametrize("theme", GROUNDS)
@pytest.mark.parametrize("colour", COLOURS)
def test_text_on_brand_is_legible(colour, theme):
    made = shades(colour, theme)

    ratio = GROUNDS[theme][1]
    assert contrast(made.ink, made.fill) >= ratio
    assert contrast(made.ink, made.hover) >= 4.5
    assert contrast(made.ink, made.active) >= 4.5


@pytest.mark.parametrize("theme", GROUNDS)
@pytest.mark.parametrize("colour", COLOURS)
def test_brand_as_text_is_legible(colour, theme):
    made = shades(colour, theme)

    ground, ratio = GROUNDS[theme]
    assert contrast(made.text, ground) >= ratio
    assert contrast(made.text, made.soft) >= ratio
    assert contrast(made.mark, ground) >= 3


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("colour", COLOURS)
def test_brand_as_text_is_legible_on_cards_too(colour, theme):
    card = {"light": WHITE, "dark": Colour.parse("#10171e")}[theme]

    assert contrast(shades(colour, theme).text, card) >= 4.5


@pytest.mark.parametrize(("colour", "kept"), [(BLUE, True), (YELLOW, True), (GREY, False)])
def test_legible_colour_stays_as_the_provider_chose_it(colour, kept):
    assert (str(shades(colour, "light").fill) == colour) is kept


@pytest.mark.parametrize(("ground", "ink"), [(BLUE, WHITE), (YELLOW, BLACK), ("#ffffff", BLACK)])
def test_ink_is_white_where_white_can_be_read(ground, ink):
    assert ink_on(Colour.parse(ground)) == ink


def test_legible_moves_no_further_than_it_must():
    shade = legible(Colour.parse(GREY), on=WHITE, ratio=4.5)

    assert 4.5 <= contrast(shade, WHITE) < 4.8


def test_stylesheet_holds_declarations_alone():
    sheet = stylesheet(Brand(colour=BLUE, accent=MINT).stylesheet_key)

    assert sheet.startswith(":root{--light-brand:#0b5cad;")
    assert "--brand-accent:#19b5c9;" in sheet
    assert sheet.count("{") == sheet.count("}") == 1


@pytest.mark.parametrize("text", ["", "#fff", "blue", "#12345g"])
def test_what_is_no_colour_is_refused(text):
    with pytest.raises(ValueError, match=r".*"):
        Colour.parse(text)
