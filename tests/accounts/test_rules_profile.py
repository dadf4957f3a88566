"""Tables of what a person sees and changes of himself."""

from dataclasses import replace

import pytest

from kabinet.accounts.rules.profile import changed_fields, mark_of, shown_phone
from kabinet.accounts.values import PersonalData
from kabinet.kernel.phones import parse_phone

NINA = PersonalData("Новикова", "Нина", "Павловна", "ООО «Новая»", "директор")


@pytest.mark.spec("PROF-01")
@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("+73412259259", "+7 341 225-92-59"),
        ("+79128801122#104", "+7 912 880-11-22, доб. 104"),
        ("", ""),
        ("259259", "259259"),
    ],
)
def test_phone_is_written_as_people_read_it(stored, shown):
    assert shown_phone(stored) == shown


@pytest.mark.parametrize("stored", ["+73412259259", "+79128801122#104", "+78001234567#1"])
def test_shown_phone_is_read_back_as_it_was(stored):
    phone = parse_phone(shown_phone(stored))

    assert (phone.e164, phone.ext) == (stored.partition("#")[0], stored.partition("#")[2] or None)


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
