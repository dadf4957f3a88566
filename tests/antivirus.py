"""A daemon on a real socket that speaks clamd's protocol, and behaves as badly as it is told."""

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

# The marker that every virus scanner agrees to find, put together so that no scanner finds it here.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class _Talk(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        server: Any = self.server
        self.rest = b""
        command = self._until_zero()
        server.commands.append(command)
        if server.manner == "hangs":
            server.released.wait(10)
            return
        if server.manner == "closes":
            return
        if server.manner == "garbage":
            self.request.sendall(b"\xff\xfe<html>" * 3 + b"\0")
            return
        if server.manner == "endless":
            try:
                while not server.released.is_set():
                    self.request.sendall(b"A" * 4096)
            except OSError:
                return
        self.request.sendall(self._answer_to(command, server) + b"\0")

    def _answer_to(self, command: bytes, server: Any) -> bytes:
        if command == b"zPING":
            return b"PONG"
        body = self._body()
        server.bodies.append(body)
        if len(body) > server.largest:
            return b"INSTREAM size limit exceeded. ERROR"
        return b"stream: Eicar-Test-Signature FOUND" if EICAR in body else b"stream: OK"

    def _body(self) -> bytes:
        body = b""
        while length := int.from_bytes(self._exactly(4), "big"):
            body += self._exactly(length)
        return body

    def _until_zero(self) -> bytes:
        while b"\0" not in self.rest:
            self.rest += self.request.recv(4096)
        command, _, self.rest = self.rest.partition(b"\0")
        return command

    def _exactly(self, length: int) -> bytes:
        while len(self.rest) < length:
            piece = self.request.recv(65536)
            if not piece:
                raise ConnectionError
            self.rest += piece
        taken, self.rest = self.rest[:length], self.rest[length:]
        return taken


class _Quiet:
    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is what some tests are about."""


class _OfHost(_Quiet, socketserver.ThreadingTCPServer):
    pass


class _OfPath(_Quiet, socketserver.ThreadingUnixStreamServer):
    pass


@contextmanager
def daemon(manner: str = "well", *, path: str = "", largest: int = 25_000_000) -> Iterator[Any]:
    """Run the daemon; its `address`, `commands`, `bodies`, and a `manner` that may be changed meanwhile."""
    server: Any = _OfPath(path, _Talk) if path else _OfHost(("127.0.0.1", 0), _Talk)
    server.manner, server.largest, server.commands, server.bodies = manner, largest, [], []
    server.released = threading.Event()
    server.address = path or server.server_address
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.released.set()
        server.shutdown()
        server.server_close()
        thread.join()


def nobody() -> tuple[str, int]:
    """Return an address at which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return ("127.0.0.1", probe.getsockname()[1])
