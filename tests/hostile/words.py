"""What nobody types and anybody can send: words that break readers, and ways of making more."""

import random
from typing import Final

from hypothesis import strategies as st

LONG: Final = 5_000

# Each stands for a kind of its own.
NUMBERS: Final = (
    "", " ", "0", "-0", "-1", "+1", "00", "1e3", "1E400", "-1e400", "1_000", "0x10", "0b1", "1.", ".1", "1,5",
    "1.5.5",
    "1,234,567.89", "NaN", "sNaN", "nan", "Infinity", "-inf", "１２３", "١٢٣", "²", "½", "Ⅷ", "1 000", "1\u00a0000",
    "−5",
    "2147483648", "9223372036854775808", "18446744073709551616", "9" * 40, "9" * LONG, "0" * LONG,
    "0." + "0" * LONG + "1",
)  # fmt: skip
DATES: Final = (
    "0001-01-01", "0000-00-00", "9999-12-31", "10000-01-01", "2026-02-29", "2026-13", "2026-00", "9999-12", "0001-01",
    "2026-10-08T25:00", "08.10.2026", "32.01.2026", "01.01.0001", "31.12.9999", "2026-W10", "today",
    "1970-01-01T00:00Z",
)  # fmt: skip
SIGNS: Final = (
    "\x00", "a\x00b", "\x01\x02", "\x1f", "\x7f", "\x85", "\u2028", "\ufeff", "\u202e", "\u200b", "\ufffd", "\ufffe",
    "\uffff", "\U0010ffff", "\ud800", "a\udfffb", "e\u0301", "\u0301" * 200, "ﷺ" * 50, "👩\u200d👩\u200d👧", "İ", "ß",
    "ǆ", "ﬁ",
    "\r\n", "a\r\nX-Injected: 1", "\t", "\\", "/", "//", "../../etc/passwd", "..\\..\\x", "%00", "%2e%2e%2f", "%",
    "%zz",
)  # fmt: skip
WORDS: Final = (
    "null", "None", "undefined", "true", "[]", "{}", "[object Object]", "' OR 1=1 --", "'; DROP TABLE x; --", '"',
    "`",
    "$$", "${7*7}", "{{7*7}}", "{% debug %}", "{0}", "%s", "%(x)s", "%n", "<script>alert(1)</script>", "]]>",
    "<!--", "&lt;",
    "=1+1", "+1+1", "-1+1", "@SUM(A1)", "=cmd|' /C calc'!A0", "http://[::1", "//evil.example/",
    "https://evil.example/",
    "javascript:alert(1)", "a@b", "@", "a@b@c", "a" * 65 + "@example.com", "a@" + "b." * 200 + "ru",
    '"a b"@example.com',
    "ж" * LONG, "x" * 70_000, ":" * 50, "," * LONG, "=" * 50, "-", "--", "|", "|||",
    "00000000-0000-0000-0000-000000000000",
    "{00000000-0000-0000-0000-000000000000}", "urn:uuid:00000000-0000-0000-0000-000000000000", "0" * 32, "g" * 32,
)  # fmt: skip
HAND_MADE: Final = (*NUMBERS, *DATES, *SIGNS, *WORDS)

# No lone surrogates here: what cannot be sent as bytes reaches a reader by JSON alone, and is hand-made.
_ANY_TEXT: Final = st.text(max_size=30)
ODD_SIGNS: Final = "0123456789.,-+eE \u00a0\x00\x1f:;/\\'\"<>{}[]|=@%ёЁяa№٣²\u202e\ud800"
_ODD_TEXT: Final = st.text(st.sampled_from(ODD_SIGNS), max_size=24)
_PIECES: Final = st.lists(st.sampled_from(HAND_MADE).filter(lambda one: len(one) < 100), min_size=2, max_size=3)
TEXTS: Final = st.one_of(st.sampled_from(HAND_MADE), _ODD_TEXT, _ANY_TEXT, _PIECES.map("".join))


def sendable(text: str) -> str:
    """Return the text as it can stand in a request: what has no bytes is written as browsers write it."""
    return text.encode("utf-8", "replace").decode()


def word(chance: random.Random) -> str:
    """Return a hand-made word most of the time, else one made of such signs."""
    if chance.random() < 0.8:
        return chance.choice(HAND_MADE)
    return "".join(chance.choice(ODD_SIGNS) for _ in range(chance.randrange(24)))
