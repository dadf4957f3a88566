"""Every form class is given what nobody types: it says what is wrong, and what it takes is a value.

The classes are found by looking: a new one is driven from its first day, or fails here until its facts are named.
"""

import random

import pytest
from django import forms
from django.http import QueryDict

from tests.deep import SEED, count
from tests.hostile.forms import facts, form_classes, takes_files, told_to, told_to_form, typed

pytestmark = pytest.mark.django_db

TIMES = count(gate=20, deep=2000)


@pytest.fixture
def told(contract, at):
    return facts(contract)


@pytest.mark.parametrize("kind", form_classes(), ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
def test_form_says_what_is_wrong_and_never_falls(kind, told, figures):
    chance = random.Random(f"{SEED} {kind.__name__}")
    own = told_to_form(kind, told)
    empty = kind(QueryDict(), **own)

    fates = [fate_of(kind, typed(empty, chance), own, told) for _turn in range(TIMES)]

    figures(bad_forms=TIMES, forms_taken=fates.count("taken"))
    assert set(fates) <= {"taken", "refused"}


def fate_of(kind, given, own, told):
    """Fill the form in, take its value or its errors, and show every field again."""
    data, files = given
    form = kind(data, *[files][: takes_files(kind)], **own)
    is_taken = form.is_valid()
    if is_taken and hasattr(form, "value"):
        form.value(**told_to(form.value, told))
    shown = [str(field) for field in form]
    assert len(shown) == len(form.fields)
    return "taken" if is_taken else "refused" if form.errors else "said nothing"


def test_form_that_nobody_knows_how_to_drive_is_reported(told):
    class Stranger(forms.Form):
        def __init__(self, *args, weather, **kwargs):
            super().__init__(*args, **kwargs)

    Stranger.__module__ = "kabinet.weather.forms"

    with pytest.raises(KeyError, match="weather"):
        told_to_form(Stranger, told)
