"""A portal played on a real socket: it gives a feed, takes batches once per key, and fails when the script says so."""

import hashlib
import json
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass
class Played:
    """What the portal holds and what it was told; `script` is what it does to the next batches."""

    items: list[dict[str, Any]] = field(default_factory=list)
    acknowledged: int = 0
    batches: list[tuple[str, bytes]] = field(default_factory=list)
    taken: dict[str, bytes] = field(default_factory=dict)
    tokens: list[str] = field(default_factory=list)
    script: list[int | str] = field(default_factory=list)
    refuses: set[str] = field(default_factory=set)
    files: list[bytes] = field(default_factory=list)
    uploads: list[int] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Return the rows of all batches that were taken, each once."""
        return [json.loads(line) for body in self.taken.values() for line in body.splitlines()]

    def rows_of(self, entity: str) -> list[dict[str, Any]]:
        return [row for row in self.rows if row["entity"] == entity]


class Server(ThreadingHTTPServer):
    """The socket that the portal is played on."""

    daemon_threads = True

    def __init__(self, portal: Played) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.portal = portal
        portal.port = self.server_address[1]


class Handler(BaseHTTPRequestHandler):
    """The four doors of the exchange."""

    server: Server

    def do_GET(self) -> None:
        portal = self.server.portal
        portal.tokens.append(self.headers["Authorization"])
        query = parse_qs(urlsplit(self.path).query)
        after, limit = int(query["after"][0]), int(query["limit"][0])
        items = [item for item in portal.items if item["seq"] > after][:limit]
        self._answer(200, {"items": items, "last": items[-1]["seq"] if items else after})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if urlsplit(self.path).path.endswith("/acknowledgements/"):
            self.server.portal.acknowledged = json.loads(body)["upto"]
            self._answer(200, {"acknowledged": self.server.portal.acknowledged, "passed": 0})
        elif urlsplit(self.path).path.endswith("/files/"):
            self._keep(body)
        else:
            self._take(self.headers["Idempotency-Key"], body)

    def _keep(self, body: bytes) -> None:
        portal = self.server.portal
        status = portal.uploads.pop(0) if portal.uploads else 200
        if status >= 400:
            self._answer(status, {"code": "scripted"})
            return
        portal.files.append(body)
        self._answer(200, {"file": str(uuid.uuid5(uuid.NAMESPACE_URL, hashlib.sha256(body).hexdigest()))})

    def _take(self, key: str, body: bytes) -> None:
        portal = self.server.portal
        portal.batches.append((key, body))
        act = portal.script.pop(0) if portal.script else 200
        if act == "drop":
            return
        if isinstance(act, int) and act >= 400:
            self._answer(act, {"code": "scripted"})
        elif any(word.encode() in body for word in portal.refuses):
            self._answer(422, {"code": "batch_refused"})
        else:
            assert portal.taken.setdefault(key, body) == body, "the same key came with another body"
            if act != "take and drop":
                self._answer(200, {"outcome": "taken"})

    def _answer(self, status: int, facts: dict[str, Any]) -> None:
        body = json.dumps(facts).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Stay silent."""


@contextmanager
def played() -> Iterator[Played]:
    portal = Played()
    server = Server(portal)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield portal
    finally:
        server.shutdown()
        server.server_close()
