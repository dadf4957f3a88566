import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kabinet.kernel.names import NameMatch, PersonName, match_names

IRINA = PersonName("Иванова", "Ирина", "Игоревна")
RUSSIAN = st.text(alphabet="АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ", min_size=1, max_size=12)
PEOPLE = st.builds(PersonName, RUSSIAN, RUSSIAN, st.one_of(st.just(""), RUSSIAN))


@pytest.mark.parametrize(
    "entered",
    [
        PersonName("ИВАНОВА", "ирина", " Игоревна "),
        PersonName("Иванова\N{NO-BREAK SPACE}", "Ирина", "Игоревна"),
        PersonName("Ивaнoвa", "Иpинa", "Игopeвнa"),
        PersonName(*(unicodedata.normalize("NFD", part) for part in ("Иванова", "Ирина", "Игоревна"))),
    ],
)
def test_spelling_alone_does_not_matter(entered):
    assert match_names(IRINA, entered) is NameMatch.MATCH


@pytest.mark.parametrize(
    "entered",
    [
        PersonName("Иванова", "И.", "И."),
        PersonName("Иванова", "И", "Игоревна"),
        PersonName("Иванова", "Ирина", "и."),
    ],
)
def test_initials_match_names_of_the_same_letter(entered):
    assert match_names(IRINA, entered) is NameMatch.MATCH_INITIALS
    assert match_names(entered, IRINA) is NameMatch.MATCH_INITIALS


@pytest.mark.parametrize(
    "entered",
    [
        PersonName("И", "Ирина", "Игоревна"),
        PersonName("Иванов", "Ирина", "Игоревна"),
        PersonName("Иванова", "Ири", "Игоревна"),
        PersonName("Иванова", "Ирина", ""),
        PersonName("Иванова", "", "Игоревна"),
        PersonName("", "Ирина", "Игоревна"),
        PersonName("Ирина", "Иванова", "Игоревна"),
        PersonName("Ivanova", "Irina", "Igorevna"),
    ],
)
def test_another_name_never_passes(entered):
    assert match_names(IRINA, entered) is NameMatch.MISMATCH


@pytest.mark.parametrize(
    "nobody", [PersonName("", "", ""), PersonName("", "Ли"), PersonName("Ким", ""), PersonName("-", ".")]
)
def test_nothing_against_nothing_proves_nothing(nobody):
    assert match_names(nobody, nobody) is NameMatch.MISMATCH


def test_dash_in_place_of_a_patronymic_is_no_patronymic():
    assert match_names(PersonName("Ким", "Ли", "-"), PersonName("Ким", "Ли", "")) is NameMatch.MATCH


def test_double_names_may_have_spaces_around_the_hyphen():
    known, typed = PersonName("Ли", "Анна-Мария", ""), PersonName("Ли", "Анна — Мария", "")

    assert match_names(known, typed) is NameMatch.MATCH


@given(PEOPLE)
def test_everybody_matches_himself(person):
    assert match_names(person, person) is NameMatch.MATCH


@given(PEOPLE, PEOPLE)
def test_sides_may_be_exchanged(one, other):
    assert match_names(one, other) is match_names(other, one)
