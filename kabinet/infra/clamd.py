"""ClamAV's daemon, asked over its socket: the bytes go to it in pieces, one line comes back (zINSTREAM)."""

import re
import socket
import time
from typing import BinaryIO, Final, Protocol

PIECE: Final = 256 * 1024
CONNECT_SECONDS: Final = 5.0
SCAN_SECONDS: Final = 60.0
LONGEST_ANSWER: Final = 4096
LONGEST_NAME: Final = 100
_FOUND: Final = re.compile(r"stream: (.+) FOUND")

# A host with its port, or the path of a socket on this machine.
Address = tuple[str, int] | str


class NotNow(Exception):
    """Raised when the daemon gave no verdict; carries a code, never what it said word for word."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Scanner(Protocol):
    """Whoever looks for viruses."""

    def infection_in(self, stream: BinaryIO) -> str | None: ...


class Clamd:
    """The daemon at an address; a whole question takes no longer than `seconds`."""

    def __init__(self, address: Address, *, seconds: float = SCAN_SECONDS) -> None:
        self.address = address
        self.seconds = seconds

    def infection_in(self, stream: BinaryIO) -> str | None:
        """Return the name of what was found in the bytes, None when nothing was."""
        answer = self._asked(b"zINSTREAM\0", stream)
        if answer == "stream: OK":
            return None
        if found := _FOUND.fullmatch(answer):
            return "".join(sign for sign in found[1] if sign.isprintable())[:LONGEST_NAME]
        # Its own limit of size, no memory, a database that is being loaded: all of that passes or is mended.
        raise NotNow("no_verdict")

    def answers(self) -> bool:
        """Say whether somebody is there who speaks the protocol."""
        try:
            return self._asked(b"zPING\0", None) == "PONG"
        except NotNow:
            return False

    def _asked(self, command: bytes, stream: BinaryIO | None) -> str:
        ends = time.monotonic() + self.seconds
        try:
            with self._connected() as line:
                _say(line, command, ends=ends)
                while stream and (piece := stream.read(PIECE)):
                    _say(line, len(piece).to_bytes(4, "big") + piece, ends=ends)
                if stream:
                    _say(line, bytes(4), ends=ends)
                return _heard(line, ends=ends)
        except OSError as fault:
            raise NotNow(type(fault).__name__) from None

    def _connected(self) -> socket.socket:
        seconds = min(CONNECT_SECONDS, self.seconds)
        if not isinstance(self.address, str):
            return socket.create_connection(self.address, timeout=seconds)
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            line.settimeout(seconds)
            line.connect(self.address)
        except OSError:
            line.close()
            raise
        return line


def _say(line: socket.socket, words: bytes, *, ends: float) -> None:
    line.settimeout(_left(ends))
    line.sendall(words)


def _heard(line: socket.socket, *, ends: float) -> str:
    """Return the answer up to its closing zero; one without an end is none."""
    heard = b""
    while b"\0" not in heard:
        line.settimeout(_left(ends))
        piece = line.recv(LONGEST_ANSWER)
        if not piece or len(heard) > LONGEST_ANSWER:
            raise NotNow("no_answer")
        heard += piece
    return heard.partition(b"\0")[0].decode("utf-8", errors="replace")


def _left(ends: float) -> float:
    seconds = ends - time.monotonic()
    if seconds <= 0:
        raise TimeoutError
    return seconds
