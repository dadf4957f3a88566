"""Tables of what a person sees and changes of himself."""

from dataclasses import replace

import pytest

from kabinet.accounts.rules.profile import changed_fields, mark_of
from kabinet.accounts.values import PersonalData

NINA = PersonalData("Новикова", "Нина", "Павловна", "ООО «Новая»", "директор")


@pytest.mark.spec("PROF-01")
@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({}, []),
        ({"position": "бухгалтер"}, ["position"]),
        ({"position": "", "last_name": "Старкова"}, ["last_name", "position"]),
    ],
)
def test_changed_fields_come_in_the_order_of_the_page(changes, fields):
    assert changed_fields(NINA, replace(NINA, **changes)) == fields


@pytest.mark.parametrize("field", ["last_name", "first_name", "middle_name", "organisation", "position"])
def test_mark_tells_any_change_and_no_name(field):
    other = replace(NINA, **{field: "иначе"})

    assert mark_of(NINA) == mark_of(replace(NINA))
    assert mark_of(NINA) != mark_of(other)
    assert "Новикова" not in mark_of(NINA)


def test_mark_tells_what_stands_in_which_field():
    assert mark_of(replace(NINA, last_name="Нина", first_name="Новикова")) != mark_of(NINA)
