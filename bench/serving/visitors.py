"""What people of the crowd ask for on the last evening of a window, as bytes."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final

from bench.serving import crowd
from bench.serving.arrivals import Visit
from bench.serving.crowd import HOST, Crowd, id_of, token
from bench.serving.site import COOKIE

SEND: Final = "/readings/cold-water/"
SIGN_IN: Final = "/sign-in/"
# The secret of forms stands in a cookie and in the form: who sends both has seen the page.
SECRET: Final = "b" * 32
FORM: Final = "application/x-www-form-urlencoded"
USUAL: Final = 20  # more would have to be confirmed
ENOUGH: Final = 3  # above the last accepted value: nothing has to be confirmed


@dataclass(frozen=True, slots=True)
class Sent:
    """A reading that somebody sends."""

    register: str
    value: int


@dataclass(slots=True)
class Visitors:
    """People who come one after another, each with what he wants; readings are noted by their keys."""

    people: Crowd
    sent: dict[str, Sent] = field(default_factory=dict)
    senders: "itertools.count[int]" = field(default_factory=itertools.count)
    readers: "itertools.count[int]" = field(default_factory=itertools.count)
    logins: "itertools.count[int]" = field(default_factory=itertools.count)

    def opens(self, kind: str, path: str) -> Callable[[], Visit]:
        """Return a maker of visits to a page, each by another person."""

        def visit() -> Visit:
            # Readers walk through the crowd by a large step: neighbours' rows lie in one page of the disk.
            person = next(self.readers) * 7919 % self.people.size + 1
            return Visit(kind, request("GET", path, cookies=session(person)))

        return visit

    def sends(self) -> Visit:
        """Return a reading of the next person; whoever comes again corrects the one before."""
        turn, place = divmod(next(self.senders), self.people.size)
        person = place + 1
        value = crowd.FIRST_VALUE + crowd.PER_MONTH * self.people.months + ENOUGH + turn % USUAL
        contract, register, key = id_of("c", person), id_of("e", person), f"deadline-{turn}-{person}"
        self.sent[key] = Sent(register, value)
        body = (
            f"csrfmiddlewaretoken={SECRET}&send={contract}&key-{contract}={key}&value-{register}={value}"
        ).encode()  # fmt: skip
        bytes_ = request("POST", SEND, cookies=f"{session(person)}; {secret_cookie()}", body=body)
        return Visit("reading sent", bytes_, expected=HTTPStatus.FOUND, key=key)

    def signs_in(self) -> Visit:
        """Return the next person's address and password, each from a place of his own."""
        number = next(self.logins)
        person = number % self.people.size + 1
        body = f"csrfmiddlewaretoken={SECRET}&email={crowd.email(person).replace('@', '%40')}&password={_PASSWORD}"
        place = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
        bytes_ = request("POST", SIGN_IN, cookies=secret_cookie(), body=body.encode(), place=place)
        return Visit("sign-in", bytes_, expected=HTTPStatus.FOUND)


_PASSWORD: Final = "".join(f"%{byte:02X}" for byte in crowd.PASSWORD.encode())


def session(person: int) -> str:
    return f"{COOKIE}={token(person)}"


def secret_cookie() -> str:
    return f"__Host-kabinet-csrf={SECRET}"


def request(method: str, path: str, *, cookies: str, body: bytes = b"", place: str = "10.0.0.1") -> bytes:
    """Spell a request as a proxy passes it on."""
    lines = [
        f"{method} {path} HTTP/1.1", f"Host: {HOST}", "X-Forwarded-Proto: https", f"X-Forwarded-For: {place}",
        "Accept-Encoding: gzip", f"Cookie: {cookies}",
    ]  # fmt: skip
    if body:
        lines += [f"Origin: https://{HOST}", f"Content-Type: {FORM}", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body
