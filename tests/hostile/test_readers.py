"""Every reader of strangers' words refuses or understands: what it raises is what it says that it raises."""

import gzip
import io
import json
import zipfile

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from tests.deep import SEED, count, share
from tests.exchange import rows
from tests.hostile.readers import BYTE_READERS, FORM_READERS, TEXT_READERS
from tests.hostile.requests import names_read
from tests.hostile.words import HAND_MADE, TEXTS, sendable
from tests.readings import books

# Hypothesis pays by the example: each one is a handful of inputs.
HANDFUL = 20
quietly = settings(database=None, suppress_health_check=list(HealthCheck), max_examples=count(gate=5, deep=150))
seeded = seed(SEED)

PREFIXES = [
    "value-", "volume-", "confirm-", "take-", "was-", "kept-", "month-", "key-", "claim-", "tariff-", "comment-",
]  # fmt: skip
IDS = st.sampled_from(["00000000-0000-0000-0000-000000000001", "01980000-0000-7000-8000-000000000000"])
NAMES = st.one_of(
    st.sampled_from(names_read()),
    st.tuples(
        st.sampled_from(PREFIXES),
        IDS,
        st.sampled_from(["", "-day", "-night", "-\x00"]),
    ).map("".join),
)  # fmt: skip
FIELDS = st.lists(st.tuples(NAMES, TEXTS.map(sendable)), max_size=8)

BOOK = books.book([books.row("300111", 1240)])
LINES = [json.dumps(row, ensure_ascii=False).encode() for row in (*rows.whole_contract(), *rows.month_of_money())]
HEADINGS = ";".join(books.HEADERS).encode()
SEEDS_OF_BYTES = [
    b"", BOOK, HEADINGS + b"\r\n0000101;;;300111;;A+;;1000;1240\r\n", HEADINGS.decode().encode("cp1251"),
    HEADINGS.decode().encode("utf-16"), b"\n".join(LINES), gzip.compress(b"\n".join(LINES)),
    b"external_id;version;number\nx;1;y\n",
    b"ST00012|Name=a|PersonalAcc=40702810138250123017|BankName=b|BIC=044525225|CorrespAcc=30101810400000000225",
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00\x90wS\xde",
    b"\xff\xd8\xff\xe0\x00\x10JFIF\x00",
]  # fmt: skip


def as_bytes(text):
    return text.encode("utf-8", "surrogatepass")[:200]


@st.composite
def spoiled_bytes(draw):
    """Return a good file with bytes taken, changed, doubled or put in."""
    data = bytearray(draw(st.sampled_from(SEEDS_OF_BYTES)))
    for _ in range(draw(st.integers(0, 4))):
        place = draw(st.integers(0, len(data)))
        piece = draw(st.binary(max_size=6) | TEXTS.map(as_bytes))
        data[place : place + draw(st.sampled_from([0, 1, 2, len(piece), 64]))] = piece
    return bytes(data)


def archive_of(name, body):
    """Return the workbook with one of its files replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(BOOK)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as new:
        for each in old.namelist():
            new.writestr(each, body if each == name else old.read(each))
    return out.getvalue()


PIECES_OF_XML = [
    b"<", b">", b"&#0;", b"&x;", b"\x00", b'"', b"</c>", b'<c r="XFD9"><v>9e999</v></c>', b"-1", b"9" * 20, b"\xff",
    b"<f>",
]  # fmt: skip
PARTS = zipfile.ZipFile(io.BytesIO(BOOK)).namelist()


@st.composite
def spoiled_books(draw):
    """Return a workbook whose archive is whole and whose insides are not."""
    name = draw(st.sampled_from(PARTS))
    body = bytearray(zipfile.ZipFile(io.BytesIO(BOOK)).read(name))
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, len(body)))
        piece = draw(st.sampled_from(PIECES_OF_XML))
        body[place : place + draw(st.integers(0, 8))] = piece
    return archive_of(name, bytes(body))


@pytest.mark.parametrize("reader", share(TEXT_READERS), ids=lambda reader: reader.name)
def test_text_is_understood_or_refused(reader, figures):
    fed = 0

    @seeded
    @quietly
    @given(st.lists(TEXTS, min_size=HANDFUL, max_size=HANDFUL))
    def feed(texts):
        nonlocal fed
        for text in texts:
            fed += 1
            reader(text)

    for text in HAND_MADE:
        reader(text)
    feed()
    figures(bad_texts=fed + len(HAND_MADE), crashes=0)


@pytest.mark.parametrize("reader", share(FORM_READERS), ids=lambda reader: reader.name)
def test_form_is_understood_or_refused(reader, figures):
    fed = 0

    @seeded
    @quietly
    @given(st.lists(FIELDS, min_size=HANDFUL, max_size=HANDFUL))
    def feed(several):
        nonlocal fed
        for fields in several:
            fed += 1
            reader(posted(fields))

    names = share(names_read())
    for name in names:
        for word in HAND_MADE:
            reader(posted([(name, sendable(word))]))
    feed()
    figures(bad_forms=fed + len(names) * len(HAND_MADE), crashes=0)


def posted(fields):
    data = QueryDict(mutable=True)
    for name, value in fields:
        data.appendlist(name, value)
    return data


@pytest.mark.parametrize("reader", share(BYTE_READERS), ids=lambda reader: reader.name)
def test_file_is_understood_or_refused(reader, figures):
    fed = 0

    @seeded
    @quietly
    @given(st.lists(spoiled_bytes(), min_size=HANDFUL, max_size=HANDFUL))
    def feed(files):
        nonlocal fed
        for data in files:
            fed += 1
            reader(data)

    for word in HAND_MADE:
        reader(as_bytes(word))
    feed()
    figures(bad_files=fed + len(HAND_MADE), crashes=0)


OF_WORKBOOKS = {"table of readings", "table of prices", "edges of a workbook"}


@pytest.mark.parametrize(
    "reader", [one for one in BYTE_READERS if one.name in OF_WORKBOOKS], ids=lambda reader: reader.name
)
def test_workbook_is_understood_or_refused(reader, figures):
    fed = 0

    @seeded
    @quietly
    @given(st.lists(spoiled_books(), min_size=HANDFUL, max_size=HANDFUL))
    def feed(files):
        nonlocal fed
        for data in files:
            fed += 1
            reader(data)

    feed()
    figures(bad_files=fed, crashes=0)


def test_kinds_made_by_hand_are_many(figures):
    assert len(set(HAND_MADE)) == len(HAND_MADE) >= 120
    figures(kinds_made_by_hand=len(HAND_MADE))
