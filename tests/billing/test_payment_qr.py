"""The payment QR beside its golden cases: what is built is read back, by us and from the picture."""

import io

import pytest
import segno
import zxingcpp
from hypothesis import given
from hypothesis import strategies as some
from PIL import Image

from kabinet.billing.formats import payment_qr
from kabinet.billing.formats.payment_qr import REQUIRED_BYTES, SEPARATORS, Encoding, QrRefused, build, parse

pytestmark = pytest.mark.spec("PAY-04")
PAYEE = {
    "Name": "ООО «Теплосбыт»",
    "PersonalAcc": "40702810138250123017",
    "BankName": "ПАО БАНК",
    "BIC": "044525225",
    "CorrespAcc": "30101810400000000225",
}
letters = some.text(alphabet="абвЯё ABC-.№|#;=09", min_size=1, max_size=20)


@given(name=letters, purpose=letters, encoding=some.sampled_from(list(Encoding)))
def test_what_is_built_is_read_back(name, purpose, encoding):
    fields = PAYEE | {"Name": name.replace("№", ""), "Purpose": purpose.replace("№", "N")}
    if encoding is Encoding.KOI8_R:
        fields |= {"Name": fields["Name"].replace("«", "").replace("»", "")}
    fields = {key: value for key, value in fields.items() if value} | {"Name": fields["Name"] or "А"}

    built = build(fields, encoding=encoding)

    read = parse(built.payload)
    assert (read.fields, read.encoding, read.separator) == (built.fields, encoding, built.separator)
    assert parse(built.payload + built.separator.encode()).fields == built.fields


def test_required_fields_come_first_whatever_the_order_given():
    given_backwards = {"Sum": "7365", **dict(reversed(PAYEE.items())), "MiddleName": ""}

    assert list(build(given_backwards).fields) == [*PAYEE, "Sum"]


def test_every_fault_is_named_at_once():
    with pytest.raises(QrRefused) as refusal:
        build({"Name": "А" * 161, "BIC": "04", "Sum": "73.65", "TechCode": "16"})

    assert refusal.value.faults == (
        "format:BIC", "format:Sum", "format:TechCode", "missing:BankName", "missing:CorrespAcc",
        "missing:PersonalAcc", "too_long:Name",
    )  # fmt: skip


def test_required_block_may_fill_its_300_bytes():
    fits = PAYEE | {"Name": "Я" * 95 + "A"}

    code = build(fits)

    assert len(code.payload) - len("ST00012|") == REQUIRED_BYTES
    with pytest.raises(QrRefused, match="required_block_over_300_bytes"):
        build(PAYEE | {"Name": "Я" * 96})


@pytest.mark.parametrize(
    ("payload", "fault"),
    [
        (b"", "format_id"),
        (b"ST", "version"),
        (b"ST0001", "encoding_code"),
        (b"ST00012", "no_separator"),
        (b"ST00012Name=A", "no_separator"),
        (b"ST00019|Name=A", "encoding_code"),
        (b"st00012|Name=A", "format_id"),
    ],
)
def test_what_is_no_code_is_refused_by_name(payload, fault):
    with pytest.raises(QrRefused) as refusal:
        parse(payload)

    assert refusal.value.faults == (fault,)


def test_unknown_keys_are_kept_and_a_value_may_hold_the_sign_of_equality():
    code = build(PAYEE | {"Purpose": "дом=7", "Colour": "red"})

    assert parse(code.payload).fields["Purpose"] == "дом=7"
    assert parse(code.payload).fields["Colour"] == "red"


def test_separators_are_tried_in_their_order():
    taken = PAYEE | {"Purpose": SEPARATORS[:5]}

    assert build(taken).separator == SEPARATORS[5]


def test_picture_holds_what_was_built():
    code = build(PAYEE | {"Sum": "7365", "PersAcc": "111222333"})
    picture = io.BytesIO()
    segno.make_qr(code.payload, error="m", boost_error=False).save(picture, kind="png", scale=4)

    (found,) = zxingcpp.read_barcodes(Image.open(picture))

    assert payment_qr.parse(found.bytes).fields == code.fields
