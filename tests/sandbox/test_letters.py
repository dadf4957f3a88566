"""Letters are read whatever they are made of."""

from email.message import EmailMessage

import pytest

from sandbox.mailbox.letters import read_letter


def written(text: str, *, html: str = "") -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "Кабинет <a@example.com>", "b@example.com", "Код подтверждения"
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
    return bytes(message)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Ваш код: 482913. Он действует 10 минут.", "482913"),
        ("Код подтверждения\n\n  482913\n\nТелефон 8 (3412) 55-12-34", "482913"),
        ("482913 — ваш код для входа", "482913"),
        ("Your code is 482913", "482913"),
        ("Индекс 426000, договор 10240", None),
        ("Введите код на странице http://localhost/w/code/123456/", None),
        ("Код действует до 22.11.2026", None),
    ],
)
def test_code(text: str, code: str | None) -> None:
    assert read_letter(written(text)).code == code


def test_links_are_found_once_in_text_and_markup() -> None:
    raw = written(
        "Откройте (http://localhost:8000/w/a?b=1).",
        html='<a href="http://localhost:8000/w/a?b=1">а</a><a href="http://x/c">c</a>',
    )

    letter = read_letter(raw)

    assert letter.links == ["http://localhost:8000/w/a?b=1", "http://x/c"]
    assert ("link", "http://localhost:8000/w/a?b=1") in letter.pieces
    assert "".join(piece for _, piece in letter.pieces) == letter.text


def test_headers_and_text_are_decoded() -> None:
    letter = read_letter(written("Здравствуйте!"))

    assert (letter.subject, letter.sender) == ("Код подтверждения", "Кабинет <a@example.com>")
    assert letter.text == "Здравствуйте!\n"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00\xff\xfe" * 100,
        b"Subject: =?utf-8?b?\xff?=\n\n\xff",
        b"Content-Type: text/plain; charset=no-such\n\n\xd0\xba\xd0\xbe\xd0\xb4",
        b"Content-Type: multipart/mixed\n\nno boundary",
        b"From: <<<>>>, ;;\nTo: @\nSubject: " + b"a" * 100_000 + b"\n\n",
        "Subject: \udcff\n\n".encode("utf-8", "surrogateescape"),
    ],
)
def test_any_bytes_are_a_letter(raw: bytes) -> None:
    letter = read_letter(raw)

    (letter.subject + letter.sender + letter.text + letter.html).encode()
