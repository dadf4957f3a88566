"""Parts that are rendered once a shape: the same text as ever, and nobody's words in another's."""

from dataclasses import dataclass, field, replace
from itertools import count

import pytest
from django.template import engines
from django.utils import translation

from kabinet.web.components import Dial, DialDrawing
from kabinet.web.shapes import APART, CODE, shape_of, twin_of
from kabinet.web.templatetags import keeping


@dataclass(frozen=True, slots=True)
class Meal:
    """A dish with what goes into it."""

    name: str
    course: str = field(metadata=CODE)
    price: int
    parts: tuple[str, ...]
    guests: tuple[str, ...] = field(metadata=APART)


SOUP = Meal("Щи", "first", 120, ("капуста", ""), ("Анна",))
DIAL = Dial("value-1", "Показание", 5, 3, value="00243", unit="м³", previous_value="240", limit="72", usual="9")


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch):
    monkeypatch.setattr(keeping, "_shapes", {})


def shape(value):
    return shape_of(value, [])


def rendered(text, **given):
    return engines["django"].from_string(text).render(given)


def test_words_are_no_part_of_a_shape_and_come_in_their_order():
    words = []

    assert shape_of(SOUP, words) == shape(replace(SOUP, name="Уха", parts=("рыба", ""), guests=()))
    assert words == ["Щи", "капуста"]


@pytest.mark.parametrize(
    "other",
    [{"name": ""}, {"course": "second"}, {"price": 121}, {"parts": ("капуста", "лук")}, {"parts": ("капуста",)}],
)
def test_all_that_a_template_may_decide_by_makes_another_shape(other):
    assert shape(replace(SOUP, **other)) != shape(SOUP)


def test_twin_has_signs_for_words_and_nothing_of_what_stands_apart():
    twin = twin_of(SOUP, (f"<{number}>" for number in count()))

    assert twin == Meal("<0>", "first", 120, ("<1>", ""), ())


@pytest.mark.parametrize(
    "dial",
    [
        DIAL,
        replace(DIAL, name="value-2", value="", previous_value="7"),
        replace(DIAL, errors=("Слишком много цифр",), is_disabled=True),
        replace(DIAL, hints=("Проверьте <цифры> & знаки", "Ещё раз"), is_label_shown=True),
        replace(DIAL, whole=8, fraction=0, value='"><script>', unit=""),
        replace(DIAL, previous="00240", previous_source="принято"),
        replace(DIAL, previous="00241", previous_source="отправлено"),
        replace(DIAL, value="\x010\x01", unit="\x015\x01"),
        replace(DIAL, value="<\x02>", unit="\x02", hints=("&\x02", "\x02\x02")),
    ],
)
def test_kept_dial_is_the_included_one_for_each_that_follows(dial):
    kept = '{% kept "components/dial.html" dial=dial %}'
    rendered(kept, dial=DIAL)
    rendered(kept, dial=replace(dial, name="value-of-another", value=dial.value and "99999"))

    assert rendered(kept, dial=dial) == rendered('{% include "components/dial.html" %}', dial=dial)


def test_kept_drawing_is_the_included_one():
    drawing = DialDrawing(5, 3, tuple("00240417"))
    kept = '{% kept "components/dial_drawing.html" drawing=drawing %}'
    rendered(kept, drawing=DialDrawing(5, 3, tuple("99999417")))

    assert rendered(kept, drawing=drawing) == rendered('{% include "components/dial_drawing.html" %}', drawing=drawing)
    assert DialDrawing(5, 3, "240417").whole_figures == "00240"


def test_kept_part_speaks_the_pages_language():
    kept = '{% kept "components/dial_texts.html" %}'

    russian = rendered(kept)
    with translation.override("en"):
        english = rendered(kept)

    assert "Расход" in russian
    assert "Расход" not in english


def test_kept_part_sees_nothing_but_what_it_is_given():
    assert "Анна" not in rendered('{% kept "shell/brand.html" %}', brand=SOUP, person_name="Анна")


def test_no_more_shapes_are_kept_than_fit(monkeypatch):
    monkeypatch.setattr(keeping, "KEPT_AT_MOST", 2)

    for digits in range(3, 8):
        rendered('{% kept "components/dial.html" dial=dial %}', dial=replace(DIAL, whole=digits))

    assert len(keeping._shapes) <= 2
