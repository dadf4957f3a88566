"""What a letter says, read from any bytes at all."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from html.parser import HTMLParser

_LINK = re.compile(r"https?://[^\s<>\"'«»]+")
_TRAILING = ".,;:!?)]}…"
_CODE = re.compile(r"(?<![\w./:=#&?%+-])([0-9]{5,8})(?![\w/:=#&?%+-])")
_CODE_WORD = re.compile(r"\bкод|\bcode", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter as a person sees it."""

    sender: str
    subject: str
    text: str
    html: str

    @property
    def links(self) -> list[str]:
        """Return the addresses in the text and in the marked-up part, each once, in their order."""
        found = [match.rstrip(_TRAILING) for match in _LINK.findall(self.text)]
        return list(dict.fromkeys([*found, *_hrefs(self.html)]))

    @property
    def code(self) -> str | None:
        """Return the code that the letter carries: the digits after the word «код», or else before it."""
        text = _LINK.sub(" ", self.text or _plain(self.html))
        word = _CODE_WORD.search(text)
        if word is None:
            return None
        after = _CODE.search(text, word.start())
        before = _CODE.findall(text[: word.start()])
        return after[1] if after else (before[-1] if before else None)

    @property
    def pieces(self) -> list[tuple[str, str]]:
        """Cut the text into runs of words and addresses, so that a page can make links of the latter."""
        cut: list[tuple[str, str]] = []
        end = 0
        for match in _LINK.finditer(self.text):
            address = match[0].rstrip(_TRAILING)
            cut += [("text", self.text[end : match.start()]), ("link", address)]
            end = match.start() + len(address)
        return [*cut, ("text", self.text[end:])]


def read_letter(raw: bytes) -> Letter:
    """Read what can be read of a letter; a broken one shows its bytes as text."""
    try:
        message = message_from_bytes(raw, policy=policy.default)
        return Letter(
            sender=_header(message, "From"),
            subject=_header(message, "Subject"),
            text=_body(message, "plain"),
            html=_body(message, "html"),
        )
    except Exception:  # noqa: BLE001 - the parser raises many kinds on hostile input, and a mailbox refuses nothing
        return Letter(sender="", subject="(письмо не разобрано)", text=raw.decode("utf-8", "replace"), html="")


def _header(message: Message, name: str) -> str:
    try:
        return _clean(str(message.get(name, "")))
    except Exception:  # noqa: BLE001 - as above
        return ""


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    if part is None:
        return ""
    content = part.get_payload(decode=True)
    raw = content if isinstance(content, bytes) else b""
    try:
        text = raw.decode(part.get_content_charset() or "utf-8", "replace")
    except LookupError:
        text = raw.decode("utf-8", "replace")
    return _storable(text.replace("\r\n", "\n"))


def _clean(text: str) -> str:
    return _storable(" ".join(text.split()))


def _storable(text: str) -> str:
    # Lone surrogates come from broken headers; neither SQLite nor JSON holds them.
    return text.encode("utf-8", "replace").decode()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.hrefs: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.hrefs += [value for name, value in attrs if tag == "a" and name == "href" and value]

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def _read_html(html: str) -> _Reader:
    reader = _Reader()
    reader.feed(html)
    return reader


def _hrefs(html: str) -> Iterator[str]:
    return (href for href in _read_html(html).hrefs if _LINK.match(href))


def _plain(html: str) -> str:
    return " ".join(_read_html(html).words)
