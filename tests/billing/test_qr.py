"""A payment code is drawn as segno draws it, and read as it was written (PAY-04)."""

import random
import re

import PIL.Image
import pytest
import segno
import zxingcpp

from kabinet.billing.formats import qr

pytestmark = pytest.mark.spec("PAY-04")
# What the versions hold of bytes at level M, from table 7 of ISO/IEC 18004.
FULL = {1: 14, 2: 26, 6: 106, 7: 122, 9: 180, 10: 213, 14: 362, 15: 412, 21: 711, 27: 1125, 32: 1538, 40: 2331}


def some_bytes(count):
    return random.Random(count).randbytes(count)


def by_segno(payload):
    code = segno.make_qr(payload, error="m", mode="byte", boost_error=False, mask=qr.MASK)
    return code.version, ["".join(map(str, row)) for row in code.matrix]


@pytest.mark.parametrize(("version", "count"), FULL.items())
def test_full_code_is_segnos_module_for_module(version, count):
    payload = some_bytes(count)

    assert (version, qr.rows_of(payload)) == by_segno(payload)


@pytest.mark.parametrize("count", [1, 13, 15, 179, 181, 212, 214, 404, 500])
def test_code_with_room_left_is_read_as_it_was_written(count):
    payload = some_bytes(count)

    (found,) = zxingcpp.read_barcodes(picture_of(qr.rows_of(payload)))

    assert (found.bytes, found.ec_level) == (payload, "M")


def picture_of(rows, *, scale=4):
    """Draw the modules with a quiet zone, as one byte a pixel."""
    side = len(rows) + 2 * qr.QUIET
    blank = "0" * side
    padded = [blank] * qr.QUIET + [row.center(side, "0") for row in rows] + [blank] * qr.QUIET
    pixels = bytes(255 * (module == "0") for row in padded for module in row)
    return PIL.Image.frombytes("L", (side, side), pixels).resize((side * scale, side * scale), 0)


def test_code_too_long_for_the_largest_version_is_refused():
    with pytest.raises(ValueError, match="too much"):
        qr.rows_of(some_bytes(2332))


def test_svg_draws_each_dark_module_once():
    svg = qr.to_svg(b"kabinet")

    rows = qr.rows_of(b"kabinet")
    drawn = sum(int(run) for run in re.findall(r"h(\d+)", svg.partition("stroke")[2]))
    assert drawn == sum(row.count("1") for row in rows)
