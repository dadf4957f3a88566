import pytest
from hypothesis import given
from hypothesis import strategies as st

from kabinet.kernel.phones import Phone, parse_phone, shown_phone


@pytest.mark.parametrize(
    ("text", "e164", "ext"),
    [
        ("8-800-555-35-35", "+78005553535", None),
        (
            "+7\N{NO-BREAK SPACE}912\N{NO-BREAK SPACE}345\N{NON-BREAKING HYPHEN}67\N{NON-BREAKING HYPHEN}89",
            "+79123456789",
            None,
        ),
        ("8.912.345.67.89", "+79123456789", None),
        ("8312430414", "+78312430414", None),
        ("8(3412)515050, доб.12", "+73412515050", "12"),
        ("+7 3412 515050 (вн. 7)", "+73412515050", "7"),
        ("+73412515050 ext 104", "+73412515050", "104"),
    ],
)
def test_phone_gets_one_spelling(text, e164, ext):
    phone = parse_phone(text)

    assert (phone.valid, phone.e164, phone.ext) == (True, e164, ext)


@pytest.mark.parametrize(
    ("text", "area", "e164"),
    [("25-55-686", "831", "+78312555686"), ("259259", "8482", "+78482259259"), ("51-50-50", "(3412)", "+73412515050")],
)
def test_city_number_takes_the_area_of_its_city(text, area, e164):
    assert parse_phone(text, area).e164 == e164


@pytest.mark.parametrize(
    ("text", "area"),
    [
        ("", ""),
        ("", "831"),
        ("2555686", ""),
        ("2555686", None),
        ("2555686", "8482"),
        ("2555686", "abc"),
        ("+2555686", "831"),
        ("+89123456789", ""),
        ("7123456789", ""),
        ("89123456", ""),
        ("7+9123456789", ""),
        ("+7 912 345-67-89 и 515050", ""),
        ("８９１２３４５６７８９", ""),
        ("8 712 345 67 89", ""),
        ("8 10 375 29 1234567", ""),
    ],
)
def test_what_is_no_russian_number_is_refused(text, area):
    assert parse_phone(text, area) == Phone(valid=False)


@given(
    st.sampled_from("3489"),
    st.text(alphabet="0123456789", min_size=9, max_size=9),
    st.sampled_from(["+7", "7", "8", ""]),
)
def test_every_prefix_means_the_same_number(first, rest, prefix):
    phone = parse_phone(prefix + first + rest)

    assert phone.e164 == f"+7{first}{rest}"
    assert phone.mobile is (first == "9")


@pytest.mark.spec("PROF-01")
@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("+73412259259", "+7 3412 25-92-59"),
        ("+73412000011", "+7 3412 00-00-11"),
        ("+73414551234", "+7 34145 5-12-34"),
        ("+73432000000", "+7 343 200-00-00"),
        ("+74952000000", "+7 495 200-00-00"),
        ("+78005553535", "+7 800 555-35-35"),
        ("+79128801122#104", "+7 912 880-11-22, доб. 104"),
        ("", ""),
        ("259259", "259259"),
    ],
)
def test_phone_is_written_as_people_read_it(stored, shown):
    assert shown_phone(stored) == shown


@given(st.from_regex(r"\+7[3489][0-9]{9}(#[0-9]{1,6})?", fullmatch=True))
def test_shown_phone_is_read_back_as_it_was(stored):
    phone = parse_phone(shown_phone(stored))

    assert (phone.e164, phone.ext) == (stored.partition("#")[0], stored.partition("#")[2] or None)
